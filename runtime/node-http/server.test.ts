/** The node:http transport does what the node:net one does. */
import { transportSuite } from '../http1/testing/transport-suite.js';
import { createNodeHttpServer } from './server.js';

transportSuite('node:http', createNodeHttpServer).run();
