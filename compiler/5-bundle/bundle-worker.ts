/** Entry of the bundling thread. */
import { work } from '../background-thread.js';
import { bundleGateway } from './bundle-gateway.js';

work(bundleGateway);
