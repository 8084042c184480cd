/* vouch cosim --function: one function on drawn states, C0 beside the code. */
#ifndef TOOLS_VOUCH_COSIM_FUNCTION_H
#define TOOLS_VOUCH_COSIM_FUNCTION_H

/* The arguments are those of vouch cosim, --function among them; the result is the exit code. */
int vouch_cosim_function(int argc, char **argv);

#endif
