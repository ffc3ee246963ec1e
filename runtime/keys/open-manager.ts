import { CannotStart } from '../cannot-start.js';
import type { KeyManager } from './key-manager.js';

const RETRY_MS = 1_000;

/** Reads what is kept. A store that is away does not keep the gateway from starting: its keys open when it is back. */
export async function openManager(manager: KeyManager, log: (line: string) => void): Promise<void> {
  try { await manager.open(); } catch (error) {
    // The gateway ends for it, and says so itself.
    if (error instanceof CannotStart) return;
    log('the API keys of the store cannot be read for now: only those of the document open');
    const again = (): void => {
      if (manager.isClosed) return;
      manager.open().then(() => log('the API keys of the store are known'), () => void setTimeout(again, RETRY_MS).unref());
    };
    setTimeout(again, RETRY_MS).unref();
  }
}
