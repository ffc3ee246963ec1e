/** Walks a template's tree. */
import type { Expression, Reference, Statement } from './parse.js';

export interface Visitor {
  statement?(statement: Statement): void;
  expression?(expression: Expression): void;
  /** Printed, read inside an expression, or assigned to. */
  reference?(reference: Reference, use: 'print' | 'read' | 'assign'): void;
}

export function visitStatements(body: readonly Statement[], visitor: Visitor): void {
  for (const statement of body) visitStatement(statement, visitor);
}

function visitStatement(statement: Statement, visitor: Visitor): void {
  visitor.statement?.(statement);
  switch (statement.kind) {
    case 'text': case 'stop': break;
    case 'reference': visitReference(statement, 'print', visitor); break;
    case 'set':
      visitExpression(statement.value, visitor);
      visitReference(statement.target, 'assign', visitor);
      break;
    case 'if':
      for (const { test, body } of statement.branches) { visitExpression(test, visitor); visitStatements(body, visitor); }
      if (statement.otherwise) visitStatements(statement.otherwise, visitor);
      break;
    case 'foreach': visitExpression(statement.source, visitor); visitStatements(statement.body, visitor); break;
    case 'break': if (statement.scope) visitExpression(statement.scope, visitor); break;
    case 'define': case 'macro': visitStatements(statement.body, visitor); break;
    case 'evaluate': visitExpression(statement.source, visitor); break;
    case 'call':
      for (const argument of statement.arguments) visitExpression(argument, visitor);
      if (statement.block) visitStatements(statement.block, visitor);
      break;
  }
}

function visitReference(reference: Reference, use: 'print' | 'read' | 'assign', visitor: Visitor): void {
  visitor.reference?.(reference, use);
  for (const step of reference.steps) {
    if (step.kind === 'index') visitExpression(step.index, visitor);
    if (step.kind === 'method') for (const argument of step.arguments) visitExpression(argument, visitor);
  }
}

export function visitExpression(expression: Expression, visitor: Visitor): void {
  visitor.expression?.(expression);
  switch (expression.kind) {
    case 'interpolation': visitStatements(expression.body, visitor); break;
    case 'list': for (const item of expression.items) visitExpression(item, visitor); break;
    case 'map': for (const [key, value] of expression.entries) { visitExpression(key, visitor); visitExpression(value, visitor); } break;
    case 'range': visitExpression(expression.from, visitor); visitExpression(expression.to, visitor); break;
    case 'not': visitExpression(expression.operand, visitor); break;
    case 'binary': visitExpression(expression.left, visitor); visitExpression(expression.right, visitor); break;
    case 'reference': visitReference(expression, 'read', visitor); break;
    default: break;
  }
}
