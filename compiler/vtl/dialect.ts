/**
 * aws: as API Gateway renders (the documented differences: README.md). velocity: stock Velocity 1.7, for comparison with the Java engine.
 */
export type Dialect = 'aws' | 'velocity';
