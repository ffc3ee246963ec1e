import { start } from './authorized-server.mjs';

await start(Number(process.argv[2]), 10_000);
