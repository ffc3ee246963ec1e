/** What guards an operation and is not compiled yet: the operation fails closed. */
export interface SecurityPart { readonly schemes: readonly string[] }
