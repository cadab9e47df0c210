import { invalidParameter } from './api-error.js';

/** One decoded parameter: text, a map (`metadata[a]=b`) or a list (`lines[0][amount]=5`, `expand[]=x`). */
export type FormValue = string | FormMap | FormValue[];
export interface FormMap {
  [name: string]: FormValue;
}

const depthMax = 8;

/**
 * Decodes Stripe's bracketed form encoding, in a body or in a query string.
 * Maps have no prototype, so a parameter called `__proto__` is a parameter like any other.
 */
export function parseForm(encoded: string): FormMap {
  const root: Branch = new Map();
  for (const [name, value] of new URLSearchParams(encoded)) {
    insert(root, pathOf(name), value, name);
  }
  return mapOf(root);
}

type Branch = Map<string, string | Branch>;

function pathOf(name: string): string[] {
  const bracket = name.indexOf('[');
  if (bracket === -1) return [name];
  const rest = name.slice(bracket);
  const path = [
    name.slice(0, bracket),
    ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map((part) => part[1] ?? ''),
  ];
  if (!/^(\[[^[\]]*\])+$/.test(rest) || path.length > depthMax) {
    throw invalidParameter(name, `Invalid parameter name: ${name}`);
  }
  return path;
}

function insert(root: Branch, path: string[], value: string, name: string): void {
  let branch = root;
  path.forEach((part, depth) => {
    const key = part === '' ? String(branch.size) : part;
    if (depth === path.length - 1) {
      branch.set(key, value);
      return;
    }
    const next = branch.get(key) ?? new Map<string, string | Branch>();
    if (typeof next === 'string')
      throw invalidParameter(
        name,
        `Invalid object: ${name} is given twice, as text and as an object`,
      );
    branch.set(key, next);
    branch = next;
  });
}

function valueOf(node: string | Branch): FormValue {
  if (typeof node === 'string') return node;
  const keys = [...node.keys()];
  const isList = keys.length > 0 && keys.every((key, index) => key === String(index));
  return isList ? [...node.values()].map(valueOf) : mapOf(node);
}

function mapOf(branch: Branch): FormMap {
  const map = Object.create(null) as FormMap;
  for (const [key, node] of branch) map[key] = valueOf(node);
  return map;
}
