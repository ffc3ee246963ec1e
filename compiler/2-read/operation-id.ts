/** Names operations: identifiers in camelCase, unique, the same whatever the order of the document. */

/** `list-pets` → `listPets`, `users/get` → `usersGet`. '' when nothing usable is left. */
export function camelCase(text: string): string {
  const words = text.normalize('NFKD').replace(/[^A-Za-z0-9_$]+/g, ' ').trim().split(' ').filter(Boolean);
  const joined = words.map((word, index) => (index === 0 ? word[0]!.toLowerCase() + word.slice(1) : word[0]!.toUpperCase() + word.slice(1))).join('');
  return /^[0-9]/.test(joined) ? `_${joined}` : joined;
}

/** `GET /pets/{petId}` → `getPetsByPetId`. */
export function derivedId(method: string, path: string): string {
  const words = path.split('/').filter(Boolean).map((segment) => segment.replace(/\{([^}]*?)\+?\}/g, ' By $1 '));
  return camelCase(`${method.toLowerCase()} ${words.join(' ') || 'root'}`) || 'operation';
}

/** Hands out names, never the same twice: `a`, `a2`, `a3`… */
export class UniqueNames {
  private readonly taken = new Set<string>();
  take(hint: string): string {
    let name = hint;
    for (let n = 2; this.taken.has(name.toLowerCase()); n++) name = `${hint}${n}`;
    this.taken.add(name.toLowerCase());
    return name;
  }
}
