/* Moments as .NET writes and reads them: formats such as yyyy-MM-dd'T'HH:mm:ss, and single letters for usual ones. */
#ifndef PROVIDERS_SCRIPT_NET_MOMENT_H
#define PROVIDERS_SCRIPT_NET_MOMENT_H

#include <stdbool.h>

#include "base/datetime.h"

struct buffer;

/* zone: minutes east of UTC, for z and K. False: the format can not be used. */
bool net_moment_print(const struct datetime *moment, int zone, const char *format, struct buffer *out);

/* format NULL or "": as the text looks. An offset in the text is applied, giving UTC. False: it is no such text. */
bool net_moment_read(const char *text, const char *format, struct datetime *moment);

/* The machine's present offset from UTC, in minutes, at a moment of UTC. */
int net_moment_zone(const struct datetime *utc);

#endif
