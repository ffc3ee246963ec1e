/** The node:net transport. */
import { createHttp1Server } from './server.js';
import { transportSuite } from './testing/transport-suite.js';

transportSuite('node:net', createHttp1Server);
// What runs the suite is in there; the runner wants to see it here: transportSuite calls test.run().
