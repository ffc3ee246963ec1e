/** The text of the two shared files. */
export type Profiles = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Sections are `[profile name]` and `[default]` in the config file, `[name]` in the credentials file, whose keys win. */
export function readProfiles(config: string, credentials: string): Profiles {
  const profiles = new Map<string, Record<string, string>>();
  readSections(config, (section) => (section === 'default' ? section : /^profile\s+(.+)$/.exec(section)?.[1]), profiles);
  readSections(credentials, (section) => section, profiles);
  return profiles;
}

function readSections(text: string, nameOf: (section: string) => string | undefined, profiles: Map<string, Record<string, string>>): void {
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*[#;]/.test(line)) continue;
    const section = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line);
    if (section) {
      const name = nameOf(section[1]!)?.replace(/^(["'])(.*)\1$/, '$2');
      current = undefined;
      if (name !== undefined) profiles.set(name, (current = profiles.get(name) ?? (Object.create(null) as Record<string, string>)));
      continue;
    }
    // Indented lines are nested settings (s3 = …) and belong to the key above.
    const entry = /^([^\s=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (entry && current) current[entry[1]!.toLowerCase()] = entry[2]!.replace(/\s+[#;].*$/, '');
  }
}
