/** What is answered when the answer itself cannot be sent. */
export const FAULT_BODY = '{"message": "Internal server error"}';
export const JSON_TYPE = 'application/json';
