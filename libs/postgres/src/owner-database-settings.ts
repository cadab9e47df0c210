import { IsArray, IsOptional, Matches } from 'class-validator';
import { DatabaseSettings } from './database-settings.js';
import { APP_ROLES, type AppRole } from './roles/app-roles.js';

const ROLE = new RegExp(`^(${APP_ROLES.join('|')}):[!-+\\--~]*$`);

/** What whoever migrates is told: as the owner of the tables, and the passwords of the apps' roles. */
export class OwnerDatabaseSettings extends DatabaseSettings {
  /** `app:password`, comma-separated. An app without a password gets no role, and one that has it keeps it. */
  @IsOptional()
  @IsArray()
  @Matches(ROLE, {
    each: true,
    message: `each value must be one of ${APP_ROLES.join(', ')}, a colon, and a password of printable ASCII without commas`,
  })
  roles?: string[];
}

/** The passwords of `DATABASE_ROLES`, by app; empty ones left out. */
export function rolePasswords(roles: readonly string[] = []): Partial<Record<AppRole, string>> {
  const entries = roles.map((role) => {
    const colon = role.indexOf(':');
    return [role.slice(0, colon), role.slice(colon + 1)] as const;
  });
  return Object.fromEntries(entries.filter(([, password]) => password !== ''));
}
