/**
 * The limiter of a process that asks the store itself: requests of one turn of the event loop are one question, alike ones a number in it. While
 * the store is away each limit follows its `fail`; what is let in meanwhile is counted when the store is back.
 */
import type { Exchange } from '../exchange.js';
import { ADMITTED, decide, monotonicMicros, THROTTLED, type LimitNames, type Limits, type Verdict } from '../limits/limits.js';
import type { Decision, Tell } from '../limits/limits-keeper.js';
import { Refusals } from '../limits/refusals.js';
import { addField } from '../send.js';
import { conclude, type LimitsKeeper, type Question, type Step } from '../limits/shared-limits.js';
import { isClosed, takeOver } from './fail-policy.js';
import type { LimitsBackend } from './limits-backend.js';
import { StoreCircuit } from './store-circuit.js';

/** Groups of alike requests in one question; more are another. */
const MOST_GROUPS = 200;
/** When a limit that is closed may be tried again. */
const CLOSED_MICROS = 1_000_000;

export interface KeeperOptions {
  readonly limits: Limits;
  readonly names: LimitNames;
  readonly stage: string;
  readonly backend: LimitsBackend;
  readonly shown: string;
  readonly log: (line: string) => void;
  readonly tell: Tell | null;
  /** What decides while the store is away: this process by `limits`, or the primary through `keeper`. */
  readonly local: { readonly limits: Limits; readonly keeper: LimitsKeeper | null };
}

interface Batch { readonly ask: number[]; readonly questions: Question[] }

export class StoreKeeper implements LimitsKeeper {
  readonly of = 0;
  private batch: Batch | null = null;
  private readonly circuit: StoreCircuit;
  private readonly refusals: Refusals;

  constructor(private readonly options: KeeperOptions) {
    const { backend, shown, log, local, limits } = options;
    this.refusals = new Refusals(limits);
    this.circuit = new StoreCircuit(backend, shown, log, () => {
      takeOver(local.limits, backend);
      local.keeper?.takeOver?.(local.limits);
    });
  }

  ask(exchange: Exchange, operation: number, client: number, tell: boolean, next: Step, throttled: Step, overQuota: Step): void {
    const { limits } = this.options;
    const drawn = client >= 0 ? limits.clients[client]! : null;
    if (limits.ofStage[operation]! < 0 && (drawn === null || (drawn.stored === undefined && drawn.ofPlan < 0))) { next(exchange); return; }
    const micros = monotonicMicros();
    if (!tell) {
      const verdict = this.refusals.find(operation, client, micros);
      if (verdict !== ADMITTED) return verdict === THROTTLED ? throttled(exchange) : overQuota(exchange);
    }
    const question: Question = { exchange, client, tell, next, throttled, overQuota, micros };
    if (this.circuit.away) { this.alone(question, operation); return; }
    let { batch } = this;
    if (batch === null) {
      this.batch = batch = { ask: [], questions: [] };
      setImmediate(() => this.flush());
    }
    const { ask, questions } = batch;
    const last = ask.length - 3;
    questions.push(question);
    if (!tell && last >= 0 && ask[last] === operation && ask[last + 1] === client && ask[last + 2]! > 0) ask[last + 2]!++;
    else ask.push(operation, client, tell ? 0 : 1);
    if (ask.length === 3 * MOST_GROUPS) this.flush();
  }

  forget(client: number): void { this.refusals.forget(client); }

  share(): void { /* each gateway has a keeper of its own: what is shared is in the store */ }

  retire(): void {
    this.circuit.stop();
    this.options.local.keeper?.retire();
  }

  private flush(): void {
    const { batch } = this;
    if (batch === null) return;
    this.batch = null;
    void this.circuit.ask(batch.ask).then((decision) => this.distribute(batch, decision));
  }

  private distribute({ ask, questions }: Batch, decision: Decision | null): void {
    let at = 0, told = 0;
    for (let group = 0; 3 * group < ask.length; group++) {
      const count = Math.max(1, ask[3 * group + 2]!);
      for (let place = 0; place < count; place++) {
        const question = questions[at++]!;
        if (decision === null) { this.alone(question, ask[3 * group]!); continue; }
        const { answers, fields } = decision;
        if (question.tell) for (let each = fields[told++]!, f = 0; f < each.length; f += 2) addField(question.exchange, each[f]!, each[f + 1]!);
        const verdict = place < answers[5 * group + 1]! ? ADMITTED : (answers[5 * group + 2] as Verdict);
        if (verdict !== ADMITTED) {
          const wait = answers[5 * group + 3]! < 0 ? Infinity : answers[5 * group + 3]!;
          this.options.limits.wait = wait;
          this.refusals.add(question.client, verdict, answers[5 * group + 4]!, wait, question.micros);
        }
        conclude(question, verdict);
      }
    }
  }

  /** Without the store. */
  private alone(question: Question, operation: number): void {
    const { limits, names, stage, local, backend, tell } = this.options;
    const { exchange, client } = question;
    if (isClosed(limits, names, stage, operation, client)) {
      limits.wait = CLOSED_MICROS;
      conclude(question, THROTTLED);
      return;
    }
    // The primary knows the keys of the document; those made at run time are counted here.
    if (local.keeper !== null && client < names.keys.length) {
      const refused = (step: Step): Step => (each) => { limits.wait = local.limits.wait; step(each); };
      const next: Step = (each) => { if (client >= 0) backend.owe(client, 1); question.next(each); };
      local.keeper.ask(exchange, operation, client, question.tell, next, refused(question.throttled), refused(question.overQuota));
      return;
    }
    const now = Date.now();
    const verdict = decide(local.limits, operation, client, monotonicMicros(), now);
    if (question.tell && tell !== null) for (let each = tell(local.limits, operation, client, now), f = 0; f < each.length; f += 2) addField(exchange, each[f]!, each[f + 1]!);
    if (verdict === ADMITTED && client >= 0) backend.owe(client, 1);
    limits.wait = local.limits.wait;
    conclude(question, verdict);
  }
}
