/* POST, PUT and DELETE: what clients change stays until the sandbox ends or is told to forget it. */
#ifndef SANDBOX_ZOHO_CHANGE_H
#define SANDBOX_ZOHO_CHANGE_H

#include "test/sandbox/zoho_call.h"

/* Rows are made, changed and deleted, comments and the like added to them and taken away, states set. What an operation does beyond
 * that (it sends mail, asks for approval) is not played: it is answered, and nothing changes. */
void zoho_change(struct zoho_call *call);

/* As if no client had ever changed anything. */
void zoho_change_forget(struct zoho_books *books);

#endif
