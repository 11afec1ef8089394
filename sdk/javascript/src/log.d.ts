/**
 * Lines for the plugin's developer: at most 100 a call, each at most 1 KiB; the host drops and
 * counts what is more. In tests they go to standard error.
 */

/** A line that only matters while the stage is written. */
export function debug(text: string): void;
/** A line about the ordinary course. */
export function info(text: string): void;
/** A line about something odd. */
export function warn(text: string): void;
/** A line about something broken. */
export function error(text: string): void;
