/* A broken invariant of this program stops it, in every build: going on could end in a wrong
 * `proved`. Bad input never comes here (fault.h), nor does "cannot decide" (a verdict). */
#ifndef BASE_REQUIRE_H
#define BASE_REQUIRE_H

#define require(condition, message)                                                                \
    ((condition) ? (void)0 : require_failed(#condition, (message), __FILE__, __LINE__))

_Noreturn void require_failed(const char *condition, const char *message, const char *file,
                              int line);

#endif
