import ts from 'typescript';

const WRITES = /^#[a-z-]+\/writes$/;
/** Whoever may be handed a write: a sink, or the service of a resource in the console. */
const WRITER_FILE = /[.](sink|service)[.]js$/;

interface Wiring {
  /** What a system is changed with, as the module names it. */
  writes: ReadonlySet<string>;
  /** Sinks and services, and the tokens that they declare for what they are handed. */
  writers: ReadonlySet<string>;
}

/**
 * What a module hands out beyond its sinks, one line each. A write may be a provider itself, be named in the factory of
 * a sink or of another write, and be started and closed by the module's class. Anything else, a port with a token of its
 * own or a function that wraps the write, would put it where no import shows it.
 */
export function findHandedWrites(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const wiring = readImports(source);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node) && wiring.writes.has(node.text) && !mayStandHere(node, wiring)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1}: ${node.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What a file passes on of a library's writes under its own name: by a re-export, an alias or a constant. */
export function findRelayedWrites(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const { writes } = readImports(source);
  return source.statements.flatMap((statement) => {
    const from = ts.isExportDeclaration(statement) ? statement.moduleSpecifier : undefined;
    const names = ts.isExportDeclaration(statement) || isDeclarationOfAName(statement);
    const relays =
      from === undefined ? names && mentions(statement, writes) : WRITES.test(textOf(from));
    if (!relays) return [];
    const { line } = source.getLineAndCharacterOfPosition(statement.getStart());
    return [`${path}:${line + 1}`];
  });
}

function readImports(source: ts.SourceFile): Wiring {
  const writes = new Set<string>();
  const writers = new Set<string>();
  for (const statement of source.statements.filter(ts.isImportDeclaration)) {
    const from = textOf(statement.moduleSpecifier);
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined) continue;
    const names = ts.isNamespaceImport(bindings)
      ? [bindings.name]
      : bindings.elements.map(({ name }) => name);
    const into = WRITES.test(from) ? writes : WRITER_FILE.test(from) ? writers : null;
    for (const { text } of names) into?.add(text);
  }
  return { writes, writers };
}

function mayStandHere(write: ts.Identifier, { writes, writers }: Wiring): boolean {
  let isArgument = false;
  for (let node: ts.Node = write; !ts.isSourceFile(node); node = node.parent) {
    const { parent } = node;
    if (ts.isCallExpression(parent) && parent.expression !== node)
      isArgument ||= parent.arguments.length > 1;
    const provided = ts.isObjectLiteralExpression(node) ? providedBy(node) : undefined;
    if (provided !== undefined) return writes.has(provided) || writers.has(provided);
    if (ts.isDecorator(parent)) return !isArgument;
    if (ts.isParameter(node) && ts.isConstructorDeclaration(parent)) return true;
  }
  return false;
}

/** The token of a provider: `{ provide: Token, ... }`. */
function providedBy(object: ts.ObjectLiteralExpression): string | undefined {
  const property = object.properties.find(({ name }) => name?.getText() === 'provide');
  return property && ts.isPropertyAssignment(property) ? property.initializer.getText() : undefined;
}

function isDeclarationOfAName(statement: ts.Statement): boolean {
  const isName =
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isVariableStatement(statement);
  return (
    isName && (statement.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

const mentions = (node: ts.Node, names: ReadonlySet<string>): boolean =>
  (ts.isIdentifier(node) && names.has(node.text)) ||
  (ts.forEachChild(node, (child) => mentions(child, names) || undefined) ?? false);

const textOf = (specifier: ts.Expression): string =>
  ts.isStringLiteral(specifier) ? specifier.text : '';
