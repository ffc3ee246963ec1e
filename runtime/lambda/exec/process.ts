/** One program: its process, and the Runtime API it talks to (Lambda Developer Guide, "Using the Lambda runtime API"). */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionIdentity } from '../context.js';
import { errorMessage } from '../error-message.js';
import { RESULT_LIMIT } from '../limits.js';
import type { RuntimeInvocation } from '../pool/invocation.js';
import { IDLE_MS, type Runner, type RunnerOwner } from '../pool/pool.js';

/** A program that has not asked for work by then never will; the next call starts another. */
const START_MS = 60_000;
const API = '/2018-06-01/runtime/';

export class RuntimeProcess implements Runner {
  current: RuntimeInvocation | null = null;
  isStarting = true;
  private child: ChildProcess | null = null;
  private readonly server: Server;
  private next: ServerResponse | null = null;
  private initError = '';
  private isEnded = false;
  /** Until it asks for work, then while it has none. */
  private timer: NodeJS.Timeout | null = null;

  constructor(command: readonly string[], private readonly identity: FunctionIdentity, private readonly owner: RunnerOwner) {
    // Runtimes keep one connection for hours: nothing here times out, the invocation's own deadline does.
    this.server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (request, response) => this.answer(request, response));
    this.server.on('connection', (socket) => socket.unref());
    this.server.on('error', (error) => this.end(`the Runtime API cannot listen: ${error.message}`));
    this.server.listen(0, '127.0.0.1', () => this.start(command));
    this.server.unref();
  }

  deliver(invocation: RuntimeInvocation): void {
    const response = this.next!;
    this.next = null;
    this.current = invocation;
    this.stopTimer();
    response.writeHead(200, {
      'Content-Type': 'application/json', 'Content-Length': invocation.event.length,
      'Lambda-Runtime-Aws-Request-Id': invocation.id, 'Lambda-Runtime-Deadline-Ms': String(invocation.deadline),
      'Lambda-Runtime-Invoked-Function-Arn': this.identity.arn, 'Lambda-Runtime-Trace-Id': invocation.trace,
      // Header values are Latin-1; JSON can say everything in ASCII.
      ...(invocation.clientContext === undefined ? {} : { 'Lambda-Runtime-Client-Context': asciiJson(invocation.clientContext) }),
    });
    response.end(invocation.event);
  }

  kill(): void {
    const { child } = this;
    if (child?.pid === undefined) return this.end('');
    // The whole group: a shell script's children too.
    try { if (process.platform === 'win32') child.kill('SIGKILL'); else process.kill(-child.pid, 'SIGKILL'); } catch { /* it is gone already */ }
  }

  // ---- the process

  private start(command: readonly string[]): void {
    if (this.isEnded) return;
    const { port } = this.server.address() as AddressInfo;
    const { identity } = this;
    const [program, ...parameters] = command;
    // What it prints belongs into the gateway's log; standard input is none of its business.
    const child = spawn(program!, parameters, {
      stdio: ['ignore', 'inherit', 'inherit'], detached: process.platform !== 'win32',
      env: {
        ...process.env,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`, AWS_LAMBDA_FUNCTION_NAME: identity.name, AWS_LAMBDA_FUNCTION_VERSION: identity.version, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: identity.memory,
        AWS_LAMBDA_LOG_GROUP_NAME: identity.logGroupName, AWS_LAMBDA_LOG_STREAM_NAME: identity.logStreamName, AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_REGION: process.env['AWS_REGION'] || identity.region, AWS_DEFAULT_REGION: process.env['AWS_DEFAULT_REGION'] || identity.region,
        LAMBDA_TASK_ROOT: process.env['LAMBDA_TASK_ROOT'] || process.cwd(), _HANDLER: process.env['_HANDLER'] || 'function.handler',
      },
    });
    this.child = child;
    this.timer = setTimeout(() => {
      this.initError = `the runtime did not ask for an invocation within ${START_MS / 1_000} seconds`;
      this.kill();
    }, START_MS).unref();
    child.unref();
    child.once('error', (error) => this.end(`Error: Couldn't start ${program}: ${error.message}`));
    child.once('exit', (code, signal) => this.end(`Error: Runtime exited ${signal !== null ? `with error: signal: ${signal}` : code === 0 ? 'without providing a reason' : `with error: exit status ${code}`}`));
  }

  private end(problem: string): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.stopTimer();
    const { current } = this;
    this.current = null;
    if (current !== null) current.fail(`RequestId: ${current.id} ${problem}`);
    this.server.closeAllConnections();
    this.server.close();
    this.owner.ended(this, this.isStarting ? this.initError || problem : null);
  }

  // ---- the Runtime API

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (!path.startsWith(API)) return refuse(response, 404, 'Not Found', 'NotFound');
    const action = path.slice(API.length);
    if (action === 'invocation/next' && request.method === 'GET') return this.wait(response);
    const [, id, what] = /^invocation\/([^/]+)\/(response|error)$/.exec(action) ?? [];
    if (request.method !== 'POST' || (what === undefined && action !== 'init/error')) return refuse(response, 404, 'Not Found', 'NotFound');
    if (what === 'response' && this.current?.id === id && this.current.onPiece !== null) return this.stream(this.current, request, response);
    collect(request, (body) => {
      if (action === 'init/error') return this.failInit(body, response);
      const { current } = this;
      if (current === null || current.id !== id) return refuse(response, 400, 'Invalid request ID', 'InvalidRequestID');
      this.current = null;
      if (body === null) {
        refuse(response, 413, `Exceeded maximum allowed payload size (${RESULT_LIMIT} bytes).`, 'RequestEntityTooLarge');
        return current.exceed();
      }
      accept(response);
      // A streamed result that breaks says so in a trailer.
      const broken = request.trailers['lambda-runtime-function-error-type'];
      const text = body.toString('utf8');
      if (what === 'response' && broken === undefined) current.succeed(text);
      else {
        const payload = broken === undefined ? text : Buffer.from(String(request.trailers['lambda-runtime-function-error-body'] ?? ''), 'base64').toString('utf8');
        current.fail(errorMessage(payload), payload);
      }
    });
  }

  /** A result that is wanted as it comes, whether or not the runtime knows that (`Lambda-Runtime-Function-Response-Mode`). */
  private stream(current: RuntimeInvocation, request: IncomingMessage, response: ServerResponse): void {
    current.resume = () => request.resume();
    request.on('data', (piece: Buffer) => { if (!current.isOver && !current.onPiece!(piece)) request.pause(); });
    request.once('end', () => {
      if (this.current === current) this.current = null;
      accept(response);
      const failed = request.trailers['lambda-runtime-function-error-type'];
      if (failed === undefined) return current.succeed('');
      const payload = Buffer.from(String(request.trailers['lambda-runtime-function-error-body'] ?? ''), 'base64').toString('utf8');
      current.fail(errorMessage(payload), payload);
    });
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private wait(response: ServerResponse): void {
    const { current } = this;
    // It gave up on its call without saying so.
    if (current !== null) { this.current = null; current.fail(`RequestId: ${current.id} Error: the runtime asked for another invocation`); }
    if (this.next !== null) return refuse(response, 409, 'Another request waits for an invocation', 'AlreadyWaiting');
    this.stopTimer();
    this.next = response;
    response.once('close', () => { if (this.next === response && !this.isEnded) this.kill(); });
    this.isStarting = false;
    this.timer = setTimeout(() => this.kill(), IDLE_MS).unref();
    this.owner.ready(this);
  }

  private failInit(body: Buffer | null, response: ServerResponse): void {
    this.initError = body === null ? 'the function failed to initialise' : errorMessage(body.toString('utf8'));
    accept(response);
    response.once('finish', () => this.kill());
  }
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** null when it is larger than Lambda takes. */
function collect(request: IncomingMessage, done: (body: Buffer | null) => void): void {
  const pieces: Buffer[] = [];
  let size = 0;
  request.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size <= RESULT_LIMIT) pieces.push(piece);
  });
  request.once('end', () => done(size <= RESULT_LIMIT ? Buffer.concat(pieces, size) : null));
}

function accept(response: ServerResponse): void {
  response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}\n');
}

function refuse(response: ServerResponse, status: number, message: string, type: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ errorMessage: message, errorType: type }));
}
