import { get, type Got, type NotGot } from './get.js';
import type { RemotePermissions } from './permissions.js';

/** As much as API Gateway imports, times two. */
export const MAX_REMOTE_BYTES = 16_000_000;
const MAX_BYTES_IN_ALL = 64_000_000;
const MAX_REMOTE_FILES = 200;
const MS_PER_FILE = 15_000;
const MS_IN_ALL = 60_000;

/** The files that one build fetches. Nothing is kept after it. */
export class RemoteFiles {
  private count = 0;
  private bytes = 0;
  private readonly started = performance.now();

  constructor(readonly permissions: RemotePermissions) {}

  async get(url: URL): Promise<Got | NotGot> {
    const left = MS_IN_ALL - (performance.now() - this.started);
    if (++this.count > MAX_REMOTE_FILES) return { reason: `a build fetches at most ${MAX_REMOTE_FILES} files`, refused: true };
    if (left <= 0) return { reason: `a build spends at most ${MS_IN_ALL / 1000} s on fetching`, refused: true };
    if (this.bytes >= MAX_BYTES_IN_ALL) return { reason: `a build fetches at most ${MAX_BYTES_IN_ALL / 1_000_000} MB`, refused: true };
    const result = await get(url, this.permissions, { bytes: Math.min(MAX_REMOTE_BYTES, MAX_BYTES_IN_ALL - this.bytes), ms: Math.min(MS_PER_FILE, left) });
    if ('bytes' in result) this.bytes += result.bytes.length;
    return result;
  }
}
