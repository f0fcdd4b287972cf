"""Web push with VAPID keys. The browser's maker carries it, end to end encrypted; nobody is named in it all the same."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pywebpush import WebPushException, webpush

from sacco_app.notifications.types import PushResult, PushTarget

SECONDS = 10
TIME_TO_LIVE = 12 * 60 * 60
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class WebPush:
    """The gateway of web push. `private_key` is the 32 bytes of a P-256 key in URL-safe Base64; `subject` is how a push
    service reaches us (`mailto:` or a page)."""

    private_key: str = field(repr=False)
    subject: str

    @property
    def public_key(self) -> str:
        """What a browser is given to subscribe with."""
        secret = base64.urlsafe_b64decode(self.private_key + "=" * (-len(self.private_key) % 4))
        key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def push(self, target: PushTarget, payload: dict[str, str], collapse: str) -> PushResult:
        """Wake one browser. A second push with the same `collapse` replaces the first."""
        line = requests.Session()
        line.max_redirects = 0  # the address was checked, another one was not
        try:
            webpush(
                {"endpoint": target.endpoint, "keys": {"p256dh": target.p256dh, "auth": target.auth}},
                json.dumps(payload),
                vapid_private_key=self.private_key,
                vapid_claims={"sub": self.subject},
                ttl=TIME_TO_LIVE,
                timeout=SECONDS,
                headers={"Topic": collapse[:32], "Urgency": "normal"},
                requests_session=line,
            )
        except WebPushException as refusal:
            return _meaning(refusal.response)
        except (requests.RequestException, OSError):
            return PushResult.LATER
        except ValueError:
            return PushResult.REFUSED
        finally:
            line.close()
        return PushResult.SENT


def _meaning(answer: requests.Response | None) -> PushResult:
    if answer is None:
        return PushResult.REFUSED
    if answer.status_code in GONE:
        return PushResult.GONE
    return PushResult.LATER if answer.status_code == 429 or answer.status_code >= 500 else PushResult.REFUSED
