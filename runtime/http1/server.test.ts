/** The node:net transport. */
import { createHttp1Server } from './server.js';
import { transportSuite } from './testing/transport-suite.js';

transportSuite('node:net', createHttp1Server).run();
