"""What Africa's Talking sends and answers, one entry for each documented case (protocols 2.1). All values are invented."""

from __future__ import annotations

ID = "ATXid_0a1b2c3d4e5f60718293a4b5c6d7e8f9"
TO = "+256772000123"
_DLR = f"id={ID}&status={{}}&phoneNumber=%2B256772000123&networkCode=64110"

REPORTS = {
    "absent_subscriber": _DLR.format("AbsentSubscriber"),
    "buffered": _DLR.format("Buffered"),
    "failed": _DLR.format("Failed") + "&failureReason=DeliveryFailure&retryCount=1",
    "rejected": _DLR.format("Rejected") + "&failureReason=UserInBlackList",
    "sent": _DLR.format("Sent"),
    "submitted": _DLR.format("Submitted"),
    "success": _DLR.format("Success") + "&retryCount=0",
    "expired": _DLR.format("Expired"),
    "unheard_of": _DLR.format("Teleported"),
    "unknown_id": "id=ATXid_ffffffffffffffffffffffffffffffff&status=Success&phoneNumber=%2B256772000123&networkCode=64110",
}
INBOUND_PLAIN = (
    "date=2026-11-20+10%3A02%3A11&from=%2B256772000123&id=c3b0a5d2-0000-4000-8000-000000000001"
    "&linkId=&text=BAL&to=6767&networkCode=64110"
)
INBOUND_STOP = (
    "date=2026-11-20+10%3A05%3A11&from=%2B256772000123&id=c3b0a5d2-0000-4000-8000-000000000002"
    "&linkId=&text=STOP&to=6767&networkCode=64110"
)
OPT_OUT = "senderId=KIKUUBO&phoneNumber=%2B256772000123"
FETCHED = """{"SMSMessageData": {"Messages": [
 {"linkId": "", "text": "BAL", "to": "6767", "id": 1071, "date": "2026-11-20 10:02:11", "from": "+256772000123"},
 {"linkId": "", "text": "STOP", "to": "6767", "id": 1072, "date": "2026-11-20 10:03:40", "from": "+254722000456"}]}}"""
REQUEST_OF_TWO = (
    "username=kikuubo&to=%2B256772000123%2C%2B254722000456"
    "&message=Dear+member%2C+UGX+50%2C000+received+on+your+savings.+Ref+SV-000123."
    "&from=KIKUUBO&bulkSMSMode=1&enqueue=1"
)
ANSWERS = {
    "success": (
        201,
        (
            '{"SMSMessageData": {"Message": "Sent to 1/1 Total Cost: UGX 35.0000 Message parts: 1", "Recipients": [{"cost":'
            f' "UGX 35.0000", "messageId": "{ID}", "number": "{TO}", "status": "Success", "statusCode": 101}}]}}}}'
        ),
    ),
    "queued": (
        201,
        (
            '{"SMSMessageData": {"Message": "Sent to 1/1 Total Cost: KES 0.8000 Message parts: 1", "Recipients": [{"cost":'
            ' "KES 0.8000", "messageId": "ATXid_1a", "number": "+254722000456", "status": "Success", "statusCode": 102}]}}'
        ),
    ),
    "mixed": (
        201,
        (
            '{"SMSMessageData": {"Message": "Sent to 1/4 Total Cost: UGX 35.0000", "Recipients": ['
            '{"cost": "UGX 35.0000", "messageId": "ATXid_2a", "number": "+256772000123", "status": "Success",'
            ' "statusCode": 101},'
            '{"cost": "0", "messageId": "None", "number": "+25677200", "status": "InvalidPhoneNumber", "statusCode": 403},'
            '{"cost": "0", "messageId": "None", "number": "+254722000456", "status": "UserInBlacklist", "statusCode": 406},'
            '{"cost": "0", "messageId": "None", "number": "+256701000789", "status": "InsufficientBalance",'
            ' "statusCode": 405}]}}'
        ),
    ),
    "invalid_sender": (201, '{"SMSMessageData": {"Message": "InvalidSenderId", "Recipients": []}}'),
    "bad_key": (401, "The supplied authentication is invalid"),
}
