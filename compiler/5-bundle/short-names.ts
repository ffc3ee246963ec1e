/**
 * Properties that one copy of `runtime/http1/` alone knows: a minified bundle has short names for them. Nothing of Node's is called like one of them, no generated
 * code and no other part of the runtime (a hand-over brings parts of two bundles together), and no text: `short-names.test.ts` finds out which they are.
 */
export const SHORT_NAMES: readonly string[] = `
again answering attempts available beginBody bodyDeadline bodyTicks bodyTooLarge bodyWanted bounds breakOff bytesLeft chunkedRequest collecting
connectionBits connectionClosed contentLength currentHandler currentState cutOff dataEnd dataStart downUntil drained elsewhere expectField
expectsContinue fate fateOf feed fieldCount fieldSpans headTicks highWater hostField hostIndex idleMs idleTicks idleUntil informational isChunked
isDraining isRead keep keepAliveAfter keepAliveField keepHead longestHead minor nextTarget onDone onReady openSocket openedAt pathFrom pathTo phase queryFrom queryTo readBody
readDeadline readHead readPast repeatable requestComplete requestTicks retried sendEnd sendPiece served staysOpen streaming sweep sweeps
targetEnd targetStart unlist writeDeadline writeTicks
`.trim().split(/\s+/);
