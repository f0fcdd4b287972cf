"""Start page, dashboards, search."""
