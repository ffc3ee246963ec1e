/** libmodsecurity (Debian's libmodsecurity3) as an oracle: which rules of a configuration fire on a request. Driven by Python's ctypes; nothing is compiled. */
import { spawnSync } from 'node:child_process';

export interface OracleRequest {
  readonly method?: string;
  readonly uri?: string;
  /** Byte strings (Latin-1), as all texts here. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

export interface Fired { readonly id: string; readonly message: string }

const PROGRAM = `
import ctypes, json, sys, re
lib = ctypes.CDLL('libmodsecurity.so.3')
P, S, N = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t
lib.msc_init.restype = P
lib.msc_create_rules_set.restype = P
lib.msc_new_transaction.restype = P
lib.msc_new_transaction.argtypes = [P, P, P]
LOG = ctypes.CFUNCTYPE(None, P, S)
lib.msc_set_log_cb.argtypes = [P, LOG]
lib.msc_rules_add.argtypes = [P, S, ctypes.POINTER(S)]
lib.msc_process_connection.argtypes = [P, S, ctypes.c_int, S, ctypes.c_int]
lib.msc_process_uri.argtypes = [P, S, S, S]
lib.msc_add_n_request_header.argtypes = [P, S, N, S, N]
for name in ['msc_process_request_headers', 'msc_process_request_body', 'msc_transaction_cleanup', 'msc_process_logging']:
    getattr(lib, name).argtypes = [P]
lib.msc_append_request_body.argtypes = [P, S, N]
task = json.load(sys.stdin)
lines = []
@LOG
def log(_, text): lines.append(text.decode('latin1'))
engine = lib.msc_init()
lib.msc_set_log_cb(engine, log)
rules = lib.msc_create_rules_set()
error = S()
if lib.msc_rules_add(rules, task['rules'].encode('latin1'), ctypes.byref(error)) < 0:
    sys.exit((error.value or b'?').decode('latin1'))
answers = []
for request in task['requests']:
    del lines[:]
    transaction = lib.msc_new_transaction(engine, rules, None)
    lib.msc_process_connection(transaction, b'127.0.0.1', 4000, b'127.0.0.1', 80)
    lib.msc_process_uri(transaction, request.get('uri', '/').encode('latin1'), request.get('method', 'GET').encode('latin1'), b'1.1')
    for name, value in request.get('headers', []):
        n, v = name.encode('latin1'), value.encode('latin1')
        lib.msc_add_n_request_header(transaction, n, len(n), v, len(v))
    lib.msc_process_request_headers(transaction)
    body = request.get('body', '').encode('latin1')
    if body: lib.msc_append_request_body(transaction, body, len(body))
    lib.msc_process_request_body(transaction)
    lib.msc_transaction_cleanup(transaction)
    fired = []
    for line in lines:
        rule = re.search(r'\\[id "(\\d+)"\\]', line)
        message = re.search(r'\\[msg "(.*?)"\\] \\[', line, re.S)
        if rule: fired.append({'id': rule.group(1), 'message': message.group(1) if message else ''})
    answers.append(fired)
json.dump(answers, sys.stdout)
`;

/** undefined: it is not installed. Throws with libmodsecurity's message when it does not take the rules. */
export function libmodsecurity(rules: string, requests: readonly OracleRequest[]): Fired[][] | undefined {
  if (spawnSync('python3', ['-c', "import ctypes; ctypes.CDLL('libmodsecurity.so.3')"]).status !== 0) return undefined;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', PROGRAM], { input: JSON.stringify({ rules, requests }), encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`libmodsecurity: ${stderr}`);
  return JSON.parse(stdout) as Fired[][];
}
