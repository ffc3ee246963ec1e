/** Entry of the bundling thread. */
import { work } from '../background-thread.js';
import { bundleGateway } from './bundle-gateway.js';

// A gateway and its map may be tens of megabytes.
work(bundleGateway, ({ bundle }) => (bundle ? [bundle.code.buffer, bundle.map.buffer] : []));
