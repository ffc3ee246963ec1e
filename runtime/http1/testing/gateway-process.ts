/** A gateway in a process of its own. It answers with what the file named by ANSWER_FILE held when it was (re)loaded, and its pid. */
import { readFileSync } from 'node:fs';
import type { Gateway } from '../../gateway.js';
import { run } from '../../process/run.js';
import { runWorkers } from '../../process/workers.js';
import { DEFAULT_LIMITS } from '../limits.js';
import { createHttp1Server } from '../server.js';
import { testState } from './state.js';

const log = (line: string): void => { process.stdout.write(`${line}\n`); };

function load(): Gateway {
  const text = readFileSync(process.env.ANSWER_FILE!, 'utf8');
  if (text === 'broken') throw new Error('cannot load');
  return {
    handler: (exchange) => {
      const path = Buffer.from(exchange.target).toString('latin1', exchange.pathStart, exchange.pathEnd);
      if (path === '/crash') process.exit(3);
      if (path === '/slow') setTimeout(() => exchange.reply.send(200, [], `${text} ${process.pid}`), 300);
      else exchange.reply.send(200, [], `${text} ${process.pid}`);
    },
    state: testState({ log }),
    ready: Promise.resolve(), close: () => log('closed a gateway'),
  };
}

async function start(): Promise<void> {
  const gateway = load();
  const { port } = await run(createHttp1Server(gateway.handler, gateway.state, DEFAULT_LIMITS), gateway, { port: Number(process.env.PORT), host: '127.0.0.1', reload: async (replace) => replace(load()), log });
  log(`listening ${port}`);
}

if (process.env.WORKERS === undefined) await start();
else await runWorkers(Number(process.env.WORKERS), start, log);
