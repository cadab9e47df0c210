import { execFileSync, spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';

/** How to run a PostgreSQL program: as oneself, or, because it refuses to run as root, as another user. */
export interface PostgresAccount {
  uid?: number;
  gid?: number;
  /** What stands before the program and its arguments. */
  prefix: string[];
}

const ACCOUNT = 'postgres';

/** Finds the account for the programs in `binary`'s folder and for data below `directory`; makes the user when root has none. */
export function choosePostgresAccount(binary: string, directory: string): PostgresAccount {
  if (userInfo().uid !== 0) return { prefix: [] };
  const { uid, gid } = findOrCreateAccount();
  const reaches = (file: string, args: string[]) =>
    spawnSync(file, args, { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0;
  if (reaches(binary, ['--version']) && reaches('test', ['-x', directory])) {
    return { uid, gid, prefix: [] };
  }
  // The checkout lies where only root may enter (root's home, a private temporary folder). The server then keeps the one
  // right to pass closed folders; setpriv becomes the program itself, so the pid stays the program's own.
  const capability = '+dac_override';
  const user = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  // PostgreSQL asks by access(), which heeds a normal user's capabilities only with this bit.
  const rights = ['--securebits=+no_setuid_fixup', `--inh-caps=${capability}`];
  const prefix = ['setpriv', ...user, ...rights, `--ambient-caps=${capability}`, '--'];
  const [setpriv = '', ...options] = prefix;
  if (spawnSync(setpriv, [...options, binary, '--version'], { stdio: 'ignore' }).status !== 0) {
    throw new Error(
      `PostgreSQL refuses to run as root, and the user ${ACCOUNT} cannot enter ${directory}.\n` +
        'Move the checkout where others may enter, such as /opt or /srv, or run as a normal user.',
    );
  }
  return { prefix };
}

/** Ids that own the data directory; undefined when that is simply the current user. */
export function readAccountIds(): { uid: number; gid: number } | undefined {
  return userInfo().uid === 0 ? findOrCreateAccount() : undefined;
}

function findOrCreateAccount(): { uid: number; gid: number } {
  const found = readIds();
  if (found !== undefined) return found;
  execFileSync('useradd', ['--system', '--user-group', '--no-create-home', ACCOUNT]);
  const created = readIds();
  if (created === undefined) throw new Error(`could not create the user ${ACCOUNT} for PostgreSQL`);
  return created;
}

function readIds(): { uid: number; gid: number } | undefined {
  const [uid, gid] = ['-u', '-g'].map((option) => {
    const answer = spawnSync('id', [option, ACCOUNT], { encoding: 'utf8' });
    return answer.status === 0 ? Number(answer.stdout) : undefined;
  });
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}
