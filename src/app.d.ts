import type { Right } from '#core/guard/credential.ts';

declare global {
  namespace App {
    interface Locals {
      /** What whoever sent this request may do. */
      right: Right;
      /** A token is asked for here: whoever is in can sign out. */
      asksToken: boolean;
    }
    interface Error {
      message: string;
      code?: string;
    }
  }
}

export {};
