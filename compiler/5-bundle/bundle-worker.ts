/** Entry of the bundling thread. */
import { work } from '../background-thread.js';
import { bundleGateway, type BundleJob, type Bundled } from './bundle-gateway.js';
import { warmUp } from './warm-up.js';

work<BundleJob | 'warm up', Bundled | undefined>((job) => (job === 'warm up' ? warmUp() : bundleGateway(job)));
