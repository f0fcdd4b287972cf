"""What the web server and the `flask` command load."""

from config import Config
from sacco_app.app import create_app

app = create_app(Config.from_env())
