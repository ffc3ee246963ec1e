/** Entry of the bundling thread. */
import { work } from '../background-thread.js';
import { bundleGateway, compileAhead, type Bundled } from './bundle-gateway.js';
import type { ThreadJob } from './thread.js';

// A gateway and its map may be tens of megabytes.
work(async (job: ThreadJob): Promise<Bundled> => ('validators' in job ? compileAhead(job.validators) : bundleGateway(job)), ({ bundle }) => (bundle ? [bundle.code.buffer, bundle.map.buffer] : []));
