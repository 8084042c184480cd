/* Who is who among the user programs, and the messages they exchange. */
#ifndef USER_NAMES_H
#define USER_NAMES_H

/* init is the first process, and starts the console first of all. */
#define PROCESS_INIT 1u
#define PROCESS_CONSOLE 2u

/* Word 0 of a message says what it is about. */
#define ASK_PRINT 1u /* to the console: word 1 how many characters, then four a word, low byte first */
#define ASK_RUN 2u   /* to init: words 1 to 4 the program's name; the answer: word 0 the CALL_ code,
                        word 1 the new process */
#define ASK_NAME 3u  /* to init: word 1 a first sector; the answer: words 0 to 3 the name */

#define CLOCK_STEPS 20u

#endif
