/* The simplification rules, one a line: what is built and the form it takes. Each line is read by
 * a small SMT-LIB reader that builds through the constructors: both sides must become one term.
 * The same text goes to Z3, which must find both sides, and the term that was built, equal. */
#include "smt/solver.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rule {
    const char *built, *form;
};

/* x, y, z: 32 bits; b, d: 8 bits; f, g, h: 4 bits; t, u: 1 bit; p, q, r, s: Booleans; m, n:
 * memories. `sel` and `sto` take byte addresses. */
static const struct rule rules[] = {
    /* sums */
    {"(bvadd x (bvadd y #x00000003))", "(bvadd (bvadd y x) #x00000003)"},
    {"(bvsub (bvadd x y) x)", "y"},
    {"(bvsub x x)", "#x00000000"},
    {"(bvneg (bvneg x))", "x"},
    {"(bvneg (bvsub x y))", "(bvsub y x)"},
    {"(bvnot x)", "(bvsub #xffffffff x)"},
    {"(bvnot (bvnot x))", "x"},
    {"(bvnot (bvneg x))", "(bvsub x #x00000001)"},
    {"(bvshl x #x00000003)", "(bvmul x #x00000008)"},
    {"(bvshl x #x00000020)", "#x00000000"},
    {"(bvmul #x00000003 (bvadd x #x00000005))", "(bvadd (bvmul x #x00000003) #x0000000f)"},
    {"(bvadd (bvmul x #x00000003) (bvmul x #xfffffffd))", "#x00000000"},
    {"(bvmul x #x00000000)", "#x00000000"},
    {"(bvmul #x80000000 (bvmul #x00000002 x))", "#x00000000"},
    {"(bvadd (bvshl x #x0000001f) (bvshl x #x0000001f))", "#x00000000"},
    /* products, of 4 bits: Z3 multiplies bit by bit */
    {"(bvmul f g)", "(bvmul g f)"},
    {"(bvmul (bvmul f g) h)", "(bvmul f (bvmul g h))"},
    {"(bvmul (bvadd f g) h)", "(bvadd (bvmul f h) (bvmul g h))"},
    {"(bvmul (bvadd f #x1) (bvsub f #x1))", "(bvsub (bvmul f f) #x1)"},
    {"(bvmul (bvadd f g) (bvsub f g))", "(bvsub (bvmul f f) (bvmul g g))"},
    {"(bvmul (ite p #x1 #x0) f)", "(ite p f #x0)"},
    /* low bits of what is multiplied by a power of two */
    {"(bvshl (bvand x #x000000ff) #x00000018)", "(bvshl x #x00000018)"},
    {"(bvshl ((_ zero_extend 24) b) #x00000018)", "(bvshl ((_ sign_extend 24) b) #x00000018)"},
    {"(bvshl (bvand (bvadd x #x00000001) #x000000ff) #x00000018)",
     "(bvadd (bvshl x #x00000018) #x01000000)"},
    {"(bvmul #x2 ((_ zero_extend 1) (bvmul ((_ extract 2 0) f) ((_ extract 2 0) g))))",
     "(bvmul #x2 (bvmul f g))"},
    {"(bvmul #x2 (bvmul ((_ zero_extend 1) ((_ extract 2 0) f)) g))", "(bvmul #x2 (bvmul f g))"},
    {"(bvxor (bvmul #x2 (bvmul f g)) #x8)", "(bvadd (bvmul #x2 (bvmul f g)) #x8)"},
    {"(bvmul #x4 (bvand #x9 (bvmul f (bvor g h))))",
     "(bvmul #x4 (bvand (bvmul f (bvor g h)) #x1))"},
    {"(bvmul #x2 (bvmul f (ite p ((_ zero_extend 1) ((_ extract 2 0) g)) h)))",
     "(bvmul #x2 (bvmul f (ite p g h)))"},
    {"(bvsub (bvshl (bvxor x #x7b0e53c0) #x00000004) (bvxor x #x7b0e53c0))",
     "(bvmul (bvxor x #x7b0e53c0) #x0000000f)"},
    {"(bvadd (bvshl (bvand x #x000fffff) #x00000010) (bvand x #x000fffff))",
     "(bvmul (bvand x #x000fffff) #x00010001)"},
    {"(bvshl ((_ zero_extend 2) (bvxor ((_ extract 29 0) x) ((_ extract 29 0) y))) #x00000002)",
     "(bvshl (bvxor x y) #x00000002)"},
    {"(bvshl (bvxor x #x60000000) #x00000001)", "(bvadd (bvshl (bvxor x #x20000000) #x00000001) "
                                                "#x80000000)"},
    {"(bvult (bvshl x #x0000001c) #xfffffff0)", "true"},
    {"(bvslt (bvadd (bvshl x #x0000001c) #x80000000) #x7ffffff0)", "true"},
    /* shifts down */
    {"(bvashr (bvshl x #x00000018) #x00000018)", "((_ sign_extend 24) ((_ extract 7 0) x))"},
    {"(bvashr (bvshl x #x00000010) #x00000010)", "((_ sign_extend 16) ((_ extract 15 0) x))"},
    {"(bvlshr (bvshl x #x00000018) #x00000018)", "(bvand x #x000000ff)"},
    {"(bvlshr x #x00000004)", "((_ zero_extend 4) ((_ extract 31 4) x))"},
    {"(bvlshr (bvadd (bvmul #x00000004 x) #x00000003) #x00000002)",
     "(bvlshr (bvmul #x00000004 x) #x00000002)"},
    {"(bvlshr x #x0000001f)", "(ite (bvslt x #x00000000) #x00000001 #x00000000)"},
    {"(bvashr x #x0000001f)", "(ite (bvslt x #x00000000) #xffffffff #x00000000)"},
    {"(bvashr x #x00000040)", "(bvashr x #x0000001f)"},
    {"(bvlshr x #x00000020)", "#x00000000"},
    {"(bvashr (bvand x #x000000ff) #x00000002)", "(bvlshr (bvand x #x000000ff) #x00000002)"},
    {"(bvshl x (ite p #x00000001 #x00000002))",
     "(ite p (bvmul x #x00000002) (bvmul x #x00000004))"},
    {"(bvlshr #x00000000 x)", "#x00000000"},
    /* masks */
    {"(bvand x #x000000ff)", "((_ zero_extend 24) ((_ extract 7 0) x))"},
    {"(bvand x #x00000ff0)", "(bvshl ((_ zero_extend 24) ((_ extract 11 4) x)) #x00000004)"},
    {"(bvand (bvand x #x0000ffff) #x000000ff)", "(bvand x #x000000ff)"},
    {"(bvand x (bvand y x))", "(bvand y x)"},
    {"(bvand x (bvnot x))", "#x00000000"},
    {"(bvand x #xffffffff)", "x"},
    {"(bvand x #x00000000)", "#x00000000"},
    {"(bvand (bvshl x #x00000002) #x00000003)", "#x00000000"},
    {"(bvand (bvor x #x00000001) #x00000001)", "#x00000001"},
    {"(bvand (bvand x #x000000ff) y)", "(bvand x (bvand y #x000000ff))"},
    {"(bvand x #x00000001)", "(ite (= ((_ extract 0 0) x) #b1) #x00000001 #x00000000)"},
    {"(bvand (bvand x #xf000000f) #x0f00000f)", "(bvand x #x0000000f)"},
    /* or, xor */
    {"(bvor x #x00000001)", "(bvadd (bvand x #xfffffffe) #x00000001)"},
    {"(bvor x #xffffffff)", "#xffffffff"},
    {"(bvor x (bvor y x))", "(bvor y x)"},
    {"(bvor x (bvnot x))", "#xffffffff"},
    {"(bvor (bvshl x #x00000008) (bvand y #x000000ff))",
     "(bvadd (bvshl x #x00000008) (bvand y #x000000ff))"},
    {"(bvxor (bvshl x #x00000008) (bvand y #x000000ff))",
     "(bvadd (bvshl x #x00000008) (bvand y #x000000ff))"},
    {"(bvor (bvor x #x00000001) y)", "(bvor (bvor x y) #x00000001)"},
    {"(bvxor x x)", "#x00000000"},
    {"(bvxor x (bvxor y x))", "y"},
    {"(bvxor x #xffffffff)", "(bvnot x)"},
    {"(bvxor x #x80000000)", "(bvadd x #x80000000)"},
    {"(bvxor x #x80000001)", "(bvadd (bvxor x #x00000001) #x80000000)"},
    {"(bvxor (bvnot x) y)", "(bvnot (bvxor x y))"},
    {"(bvxor (bvnot x) (bvnot y))", "(bvxor x y)"},
    {"(bvxor (bvand x #x000000ff) #x000000ff)", "(bvsub #x000000ff (bvand x #x000000ff))"},
    {"(bvxor (bvand x #x000000ff) #x00000100)", "(bvadd (bvand x #x000000ff) #x00000100)"},
    {"(bvxor t u)", "(bvadd t u)"},
    /* widths */
    {"(concat b d)",
     "((_ zero_extend 0) (bvadd (bvmul ((_ zero_extend 8) b) #x0100) ((_ zero_extend 8) d)))"},
    {"((_ extract 7 0) (concat b d))", "d"},
    {"((_ extract 15 8) (concat b d))", "b"},
    {"((_ extract 11 4) (concat b d))", "(concat ((_ extract 3 0) b) ((_ extract 7 4) d))"},
    {"((_ extract 7 0) ((_ zero_extend 24) b))", "b"},
    {"((_ extract 15 8) ((_ zero_extend 24) b))", "#x00"},
    {"((_ extract 15 4) ((_ zero_extend 24) b))", "((_ zero_extend 8) ((_ extract 7 4) b))"},
    {"((_ extract 15 4) ((_ sign_extend 24) b))", "((_ sign_extend 8) ((_ extract 7 4) b))"},
    {"((_ extract 15 8) ((_ extract 23 4) x))", "((_ extract 19 12) x)"},
    {"((_ extract 7 0) (bvadd x #x00000101))", "(bvadd ((_ extract 7 0) x) #x01)"},
    {"((_ extract 2 0) (bvmul f g))", "(bvmul ((_ extract 2 0) f) ((_ extract 2 0) g))"},
    {"((_ extract 7 0) (bvand x y))", "(bvand ((_ extract 7 0) x) ((_ extract 7 0) y))"},
    {"((_ extract 7 0) (ite p x y))", "(ite p ((_ extract 7 0) x) ((_ extract 7 0) y))"},
    {"((_ extract 9 2) (bvmul #x00000004 x))", "((_ extract 7 0) x)"},
    {"((_ zero_extend 8) ((_ zero_extend 8) b))", "((_ zero_extend 16) b)"},
    {"((_ sign_extend 8) ((_ sign_extend 8) b))", "((_ sign_extend 16) b)"},
    {"((_ sign_extend 8) ((_ zero_extend 8) b))", "((_ zero_extend 16) b)"},
    {"((_ zero_extend 31) t)", "(ite (= t #b1) #x00000001 #x00000000)"},
    {"((_ sign_extend 31) t)", "(ite (= t #b1) #xffffffff #x00000000)"},
    {"((_ zero_extend 24) (bvmul #x04 b))",
     "(bvmul #x00000004 ((_ zero_extend 26) ((_ extract 5 0) b)))"},
    {"((_ zero_extend 16) (concat b d))",
     "(bvadd (bvmul ((_ zero_extend 24) b) #x00000100) ((_ zero_extend 24) d))"},
    {"((_ zero_extend 24) (ite p b d))", "(ite p ((_ zero_extend 24) b) ((_ zero_extend 24) d))"},
    {"((_ sign_extend 24) (ite p b d))", "(ite p ((_ sign_extend 24) b) ((_ sign_extend 24) d))"},
    {"(bvand (bvurem x #x00000064) #x000000ff)", "(bvurem x #x00000064)"},
    {"(bvashr (bvshl (bvurem x #x00000064) #x00000018) #x00000018)", "(bvurem x #x00000064)"},
    /* Booleans as words */
    {"(= (ite p #x00000001 #x00000000) #x00000000)", "(not p)"},
    {"(= (ite p #x00000001 #x00000000) #x00000001)", "p"},
    {"(= (ite p #x00000005 #x00000007) #x00000007)", "(not p)"},
    {"(= (ite p #x00000005 #x00000007) #x00000006)", "false"},
    {"(bvslt #x00000000 (ite p #x00000001 #x00000000))", "p"},
    {"(bvult (ite p #x00000001 #x00000000) #x00000001)", "(not p)"},
    {"(= (ite p #x00000001 #x00000000) (ite q #x00000001 #x00000000))", "(= p q)"},
    {"(bvult (ite p #x00000001 #x00000000) (ite q #x00000001 #x00000000))", "(and (not p) q)"},
    {"(bvand (ite p #x00000001 #x00000000) (ite q #x00000001 #x00000000))",
     "(ite (and p q) #x00000001 #x00000000)"},
    {"(bvor (ite p #x00000001 #x00000000) (ite q #x00000001 #x00000000))",
     "(ite (or p q) #x00000001 #x00000000)"},
    {"(bvxor (ite p #x00000001 #x00000000) (ite q #x00000001 #x00000000))",
     "(ite (= p q) #x00000000 #x00000001)"},
    {"(bvxor (ite p #x00000001 #x00000000) #x00000001)", "(ite p #x00000000 #x00000001)"},
    {"(bvsub #x00000001 (ite p #x00000001 #x00000000))", "(ite p #x00000000 #x00000001)"},
    {"(ite p (ite q #x00000001 #x00000000) #x00000000)", "(ite (and p q) #x00000001 #x00000000)"},
    {"(ite p #x00000001 (ite q #x00000001 #x00000000))", "(ite (or p q) #x00000001 #x00000000)"},
    {"(bvand (bvneg (ite p #x00000001 #x00000000)) x)", "(ite p x #x00000000)"},
    {"(bvand (ite p #x00000001 #x00000000) x)",
     "(ite (and p (= ((_ extract 0 0) x) #b1)) #x00000001 #x00000000)"},
    /* branches */
    {"(ite (not p) x y)", "(ite p y x)"},
    {"(ite p x x)", "x"},
    {"(ite p (ite p x y) z)", "(ite p x z)"},
    {"(ite p x (ite p y z))", "(ite p x z)"},
    {"(ite p (bvadd (ite p x y) #x00000001) z)", "(ite p (bvadd x #x00000001) z)"},
    {"(ite p (ite q x y) y)", "(ite (and p q) x y)"},
    {"(ite p (ite q x y) x)", "(ite (and p (not q)) y x)"},
    {"(ite p x (ite q x y))", "(ite (or p q) x y)"},
    {"(ite p x (ite q y x))", "(ite (or p (not q)) x y)"},
    {"(ite p (bvadd x #x00000001) x)", "(bvadd x (ite p #x00000001 #x00000000))"},
    {"(ite p (bvadd x z) (bvadd y z))", "(bvadd z (ite p x y))"},
    {"(ite p (bvmul #x00000004 x) (bvmul #x00000004 y))", "(bvmul #x00000004 (ite p x y))"},
    {"(ite (= x y) x y)", "y"},
    {"(ite (= x #x00000003) x y)", "(ite (= x #x00000003) #x00000003 y)"},
    {"(ite (= x #x00000000) #x00000007 x)",
     "(bvadd x (ite (= x #x00000000) #x00000007 #x00000000))"},
    {"(bvor x (ite (= x #x00000000) #x00000007 #x00000000))",
     "(ite (= x #x00000000) #x00000007 x)"},
    {"(= (ite p x y) x)", "(or p (= y x))"},
    {"(= (ite p #x00000003 y) #x00000003)", "(or p (= y #x00000003))"},
    {"(= (ite p #x00000003 y) #x00000004)", "(and (not p) (= y #x00000004))"},
    {"(= (ite p x y) (ite p z y))", "(or (not p) (= x z))"},
    {"(bvult (ite p #x00000003 y) #x00000009)", "(or p (bvult y #x00000009))"},
    {"(bvslt (ite (or p q) #x00000003 y) #x00000001)",
     "(and (not p) (not q) (bvslt y #x00000001))"},
    /* equations */
    {"(= (bvadd x #x00000003) #x00000005)", "(= x #x00000002)"},
    {"(= (bvadd x z) (bvadd y z))", "(= y x)"},
    {"(= (bvmul #x00000003 x) #x00000009)", "(= x #x00000003)"},
    {"(= (bvsub x y) #x00000000)", "(= x y)"},
    {"(= (bvneg x) (bvneg y))", "(= x y)"},
    {"(= (bvmul #x00000002 x) #x00000001)", "false"},
    {"(= (bvmul #x00000006 x) #x0000000c)",
     "(= ((_ extract 30 0) x) #b0000000000000000000000000000010)"},
    {"(= (bvand x #x000000ff) #x00000100)", "false"},
    {"(= ((_ zero_extend 24) b) #x00000007)", "(= b #x07)"},
    {"(= ((_ sign_extend 24) b) #xffffffff)", "(= b #xff)"},
    {"(= ((_ sign_extend 24) b) ((_ sign_extend 24) d))", "(= b d)"},
    {"(= (concat b d) #x1234)", "(and (= b #x12) (= d #x34))"},
    {"(= ((_ extract 31 31) x) #b1)", "(bvslt x #x00000000)"},
    {"(= ((_ extract 0 0) x) #b0)", "(not (= ((_ extract 0 0) x) #b1))"},
    {"(= (bvand x #x80000000) #x00000000)", "(not (bvslt x #x00000000))"},
    {"(= (bvmul #x00000004 x) (bvmul #x00000004 y))",
     "(= ((_ extract 29 0) x) ((_ extract 29 0) y))"},
    {"(= (bvshl x #x00000002) #x00000000)", "(= (bvand x #x3fffffff) #x00000000)"},
    /* order */
    {"(bvult x #x00000000)", "false"},
    {"(bvule x #xffffffff)", "true"},
    {"(bvult x #x00000001)", "(= x #x00000000)"},
    {"(bvult #x00000000 x)", "(not (= x #x00000000))"},
    {"(bvult x #xffffffff)", "(not (= x #xffffffff))"},
    {"(bvult #x00000005 x)", "(not (bvult x #x00000006))"},
    {"(bvule x #x00000005)", "(bvult x #x00000006)"},
    {"(bvsle x #x00000005)", "(bvslt x #x00000006)"},
    {"(bvule x y)", "(not (bvult y x))"},
    {"(bvsle x y)", "(not (bvslt y x))"},
    {"(bvult x x)", "false"},
    {"(bvult x #x80000000)", "(not (bvslt x #x00000000))"},
    {"(bvslt x #x80000000)", "false"},
    {"(bvslt (bvadd x #x80000000) (bvadd y #x80000000))", "(bvult x y)"},
    {"(bvult (bvxor x #x80000000) (bvxor y #x80000000))", "(bvslt x y)"},
    {"(bvslt (bvadd x #x80000000) #x80000007)", "(bvult x #x00000007)"},
    {"(bvult x (bvadd x #x00000001))", "(not (= x #xffffffff))"},
    {"(bvslt x (bvadd x #x00000001))", "(not (= x #x7fffffff))"},
    {"(bvslt (bvand x #x000000ff) #x00000100)", "true"},
    {"(bvslt ((_ zero_extend 24) b) ((_ zero_extend 24) d))", "(bvult b d)"},
    {"(bvslt ((_ sign_extend 24) b) ((_ sign_extend 24) d))", "(bvslt b d)"},
    {"(bvult ((_ sign_extend 24) b) ((_ sign_extend 24) d))", "(bvult b d)"},
    {"(bvslt ((_ sign_extend 24) b) #x00000080)", "true"},
    {"(bvslt ((_ sign_extend 24) b) #xffffff80)", "false"},
    {"(bvslt ((_ sign_extend 24) b) #x00000005)", "(bvslt b #x05)"},
    {"(bvult ((_ zero_extend 24) b) #x000000ff)", "(not (= b #xff))"},
    {"(bvult (bvurem b #x0a) #x0a)", "true"},
    {"(bvslt (bvxor x y) #x00000000)", "(not (= (bvslt x #x00000000) (bvslt y #x00000000)))"},
    {"(bvslt (bvand x y) #x00000000)", "(and (bvslt x #x00000000) (bvslt y #x00000000))"},
    {"(bvslt (bvor x y) #x00000000)", "(or (bvslt x #x00000000) (bvslt y #x00000000))"},
    {"(bvslt (bvnot x) #x00000000)", "(not (bvslt x #x00000000))"},
    {"(bvslt (bvneg x) #x00000005)", "(not (bvslt (bvsub x #x00000001) #xfffffffb))"},
    {"(bvult (bvnot x) (bvnot y))", "(bvult y x)"},
    {"(bvult (bvlshr x #x00000003) x)", "(not (= x #x00000000))"},
    {"(bvult ((_ extract 31 2) x) #b000000000000000000000000000011)", "(bvult x #x0000000c)"},
    {"(bvslt (bvashr x #x00000002) #xfffffffd)", "(bvslt x #xfffffff4)"},
    {"(= (bvlshr x #x00000003) #x00000000)", "(bvult x #x00000008)"},
    {"(= (bvashr x #x00000003) #xffffffff)", "(not (bvult x #xfffffff8))"},
    /* division */
    {"(bvudiv #x00000000 x)", "(ite (= x #x00000000) #xffffffff #x00000000)"},
    {"(bvurem #x00000000 x)", "#x00000000"},
    {"(bvudiv x #x00000001)", "x"},
    {"(bvudiv x #x00000008)", "(bvlshr x #x00000003)"},
    {"(bvurem x #x00000008)", "(bvand x #x00000007)"},
    {"(bvudiv x #x00000000)", "#xffffffff"},
    {"(bvurem x #x00000000)", "x"},
    {"(bvurem ((_ zero_extend 24) b) #x00000100)", "((_ zero_extend 24) b)"},
    {"(bvudiv ((_ zero_extend 24) b) #x00000123)", "#x00000000"},
    {"(bvsdiv f #x1)", "f"},
    {"(bvsdiv f #x4)", "(ite (bvslt f #x0) (bvneg (bvlshr (bvneg f) #x2)) (bvlshr f #x2))"},
    {"(bvsrem f #x1)", "#x0"},
    {"(bvsdiv f g)", "(bvsdiv f g)"},
    {"(bvsrem f g)", "(bvsrem f g)"},
    {"(bvsrem (bvand f #x7) #x3)", "(bvurem (bvand f #x7) #x3)"},
    /* Boolean connectives */
    {"(and p (not p))", "false"},
    {"(or p (not p))", "true"},
    {"(and p (and q p))", "(and q p)"},
    {"(not (and p q))", "(or (not p) (not q))"},
    {"(not (or p q))", "(and (not p) (not q))"},
    {"(or (and p q) (and p (not q)))", "p"},
    {"(or (and p q) (and p r))", "(and p (or q r))"},
    {"(and (or p q) (or p r))", "(or p (and q r))"},
    {"(and p (or (not p) q))", "(and p q)"},
    {"(or p (and (not p) q))", "(or p q)"},
    {"(and p (or p q))", "p"},
    {"(or p (and p q))", "p"},
    {"(and p (or (and (not p) q) r))", "(and p r)"},
    {"(or (and p q) (and (not p) r))", "(ite p q r)"},
    {"(and (or (not p) q) (or p r))", "(ite p q r)"},
    {"(or (and p q) (and p (not q) r))", "(and p (or q r))"},
    {"(or (and p q r) (and p q (not r)) (and p (not q)))", "p"},
    {"(ite p true q)", "(or p q)"},
    {"(ite p q false)", "(and p q)"},
    {"(ite p false q)", "(and (not p) q)"},
    {"(ite p q true)", "(or (not p) q)"},
    {"(ite p q (not q))", "(= p q)"},
    {"(ite p (and q r) (and q s))", "(and q (ite p r s))"},
    {"(ite p (or q r) (or q s))", "(or q (ite p r s))"},
    {"(ite p (or p q) r)", "(or p r)"},
    {"(= p (not q))", "(not (= p q))"},
    {"(= p true)", "p"},
    {"(= (not p) (not q))", "(= q p)"},
    {"(=> p q)", "(or (not p) q)"},
    {"(and (= x #x00000003) (= x #x00000004))", "false"},
    {"(and (= x #x00000003) (bvult x #x00000009))", "(= x #x00000003)"},
    {"(and (= x #x00000003) (not (= x #x00000004)))", "(= x #x00000003)"},
    {"(or (not (= x #x00000003)) (bvslt x #x00000009))", "true"},
    {"(and p (ite p q r))", "(and p q)"},
    {"(and (not p) (ite p q r))", "(and (not p) r)"},
    /* memories */
    {"(sel (sto m x y) x)", "y"},
    {"(sel (sto m (bvadd x #x00000004) y) x)", "(sel m x)"},
    {"(sel (sto m #x00000010 y) #x00000014)", "(sel m #x00000014)"},
    {"(sel (sto m (bvadd x #x00000004) y) (bvadd x #x00000004))", "y"},
    {"(sel m #x00000011)", "(sel m #x00000010)"},
    {"(sel m (bvadd (bvmul #x00000004 x) #x00000003))", "(sel m (bvmul #x00000004 x))"},
    {"(sel (sto m (bvadd #x00001000 (bvmul #x00000004 ((_ zero_extend 24) b))) y) #x00001400)",
     "(sel m #x00001400)"},
    {"(sel (ite p (sto m x y) (sto m x z)) x)", "(ite p y z)"},
    {"(sto m x (sel m x))", "m"},
    {"(sto (sto m x y) x z)", "(sto m x z)"},
    {"(sto (sto m (bvadd x #x00000004) y) x z)", "(sto (sto m x z) (bvadd x #x00000004) y)"},
    {"(sto (sto (sto m x y) (bvadd x #x00000004) z) x z)",
     "(sto (sto m x z) (bvadd x #x00000004) z)"},
    {"(sto (sto m x y) x (sel m x))", "m"},
    {"(= (sto m x y) (sto m x z))", "(= y z)"},
    {"(= (sto m x y) m)", "(= y (sel m x))"},
    {"(= (ite p m n) (ite p n m))", "(= m n)"},
    {"(ite p m (ite q m n))", "(ite (or p q) m n)"},
};
enum { RULE_COUNT = sizeof rules / sizeof *rules };

/* Reading */

struct reader {
    struct terms *terms;
    const char *at;
};

static term read_term(struct reader *r);

static bool next_is(struct reader *r, const char *text)
{
    while (*r->at == ' ')
        r->at++;
    size_t length = strlen(text);
    if (strncmp(r->at, text, length) != 0)
        return false;
    bool is_word = text[0] != '(' && text[0] != ')' && text[0] != '#';
    if (is_word && strchr(" )", r->at[length]) == NULL)
        return false;
    r->at += length;
    return true;
}

static unsigned read_number(struct reader *r)
{
    char *end;
    unsigned number = (unsigned)strtoul(r->at, &end, 10);
    r->at = end;
    return number;
}

static term read_literal(struct reader *r)
{
    bool is_hex = r->at[1] == 'x';
    const char *digits = r->at + 2;
    char *end;
    uint64_t value = strtoull(digits, &end, is_hex ? 16 : 2);
    unsigned width_bits = (unsigned)(end - digits) * (is_hex ? 4 : 1);
    r->at = end;
    return term_word(r->terms, value, width_bits);
}

static term read_name(struct reader *r)
{
    char name[2] = {*r->at++, '\0'};
    struct sort sort = {SORT_WORD, 32};
    if (strchr("pqrs", name[0]) != NULL)
        sort = (struct sort){SORT_BOOL, 0};
    else if (strchr("mn", name[0]) != NULL)
        sort = (struct sort){SORT_MEMORY, 0};
    else if (strchr("bd", name[0]) != NULL)
        sort.width_bits = 8;
    else if (strchr("fgh", name[0]) != NULL)
        sort.width_bits = 4;
    else if (strchr("tu", name[0]) != NULL)
        sort.width_bits = 1;
    else
        cr_assert(strchr("xyz", name[0]) != NULL, "a variable: %s", name);
    return term_variable(r->terms, name, sort);
}

typedef term (*unary)(struct terms *terms, term a);
typedef term (*binary)(struct terms *terms, term a, term b);

static const struct {
    const char *name;
    binary apply;
} binaries[] = {
    {"bvadd", term_add},   {"bvsub", term_sub},     {"bvmul", term_mul},   {"bvudiv", term_udiv},
    {"bvurem", term_urem}, {"bvsdiv", term_sdiv},   {"bvsrem", term_srem}, {"bvand", term_bitand},
    {"bvor", term_bitor},  {"bvxor", term_bitxor},  {"bvshl", term_shl},   {"bvlshr", term_lshr},
    {"bvashr", term_ashr}, {"bvult", term_ult},     {"bvule", term_ule},   {"bvslt", term_slt},
    {"bvsle", term_sle},   {"concat", term_concat}, {"=", term_eq},        {"=>", term_implies},
    {"and", term_and},     {"or", term_or},         {"sel", term_select},
};
static const struct {
    const char *name;
    unary apply;
} unaries[] = {{"bvneg", term_neg}, {"bvnot", term_bitnot}, {"not", term_not}};

static term read_indexed(struct reader *r)
{
    bool is_extract = next_is(r, "extract"), is_signed = !is_extract && next_is(r, "sign_extend");
    if (!is_extract && !is_signed)
        cr_assert(next_is(r, "zero_extend"), "%s", r->at);
    unsigned first = read_number(r), second = is_extract ? read_number(r) : 0;
    cr_assert(next_is(r, ")"));
    term a = read_term(r);
    if (is_extract)
        return term_extract(r->terms, a, first, second);
    unsigned width_bits = term_sort(r->terms, a).width_bits + first;
    return is_signed ? term_sext(r->terms, a, width_bits) : term_zext(r->terms, a, width_bits);
}

static term read_application(struct reader *r)
{
    if (next_is(r, "(_"))
        return read_indexed(r);
    for (size_t i = 0; i < sizeof unaries / sizeof *unaries; i++)
        if (next_is(r, unaries[i].name))
            return unaries[i].apply(r->terms, read_term(r));
    if (next_is(r, "ite") || next_is(r, "sto")) {
        bool is_ite = r->at[-1] == 'e';
        term a = read_term(r), b = read_term(r), c = read_term(r);
        return is_ite ? term_ite(r->terms, a, b, c) : term_store(r->terms, a, b, c);
    }
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++) {
        if (!next_is(r, binaries[i].name))
            continue;
        term result = read_term(r);
        result = binaries[i].apply(r->terms, result, read_term(r));
        while (r->at[0] != ')')
            result = binaries[i].apply(r->terms, result, read_term(r));
        return result;
    }
    cr_assert_fail("an operator: %s", r->at);
    return (term){0};
}

static term read_term(struct reader *r)
{
    if (next_is(r, "true"))
        return term_true(r->terms);
    if (next_is(r, "false"))
        return term_false(r->terms);
    if (next_is(r, "(")) {
        term t = read_application(r);
        cr_assert(next_is(r, ")"), "a closing parenthesis: %s", r->at);
        return t;
    }
    return *r->at == '#' ? read_literal(r) : read_name(r);
}

static term read_text(struct terms *terms, const char *text)
{
    struct reader reader = {terms, text};
    return read_term(&reader);
}

/* Asking */

static const char prelude[] =
    "(declare-fun x () (_ BitVec 32))(declare-fun y () (_ BitVec 32))"
    "(declare-fun z () (_ BitVec 32))(declare-fun b () (_ BitVec 8))"
    "(declare-fun d () (_ BitVec 8))(declare-fun t () (_ BitVec 1))"
    "(declare-fun u () (_ BitVec 1))(declare-fun p () Bool)(declare-fun q () Bool)"
    "(declare-fun f () (_ BitVec 4))(declare-fun g () (_ BitVec 4))"
    "(declare-fun h () (_ BitVec 4))(declare-fun r () Bool)(declare-fun s () Bool)"
    "(declare-fun m () (Array (_ BitVec 30) (_ BitVec 32)))"
    "(declare-fun n () (Array (_ BitVec 30) (_ BitVec 32)))"
    "(define-fun sel ((a (Array (_ BitVec 30) (_ BitVec 32))) (i (_ BitVec 32))) (_ BitVec 32)"
    " (select a ((_ extract 31 2) i)))"
    "(define-fun sto ((a (Array (_ BitVec 30) (_ BitVec 32))) (i (_ BitVec 32)) (v (_ BitVec 32)))"
    " (Array (_ BitVec 30) (_ BitVec 32)) (store a ((_ extract 31 2) i) v))\n";

/* Three things are equal: the left text, the right text, and the term built from the left. The
 * term is written by smtlib_write, as what `built` is. */
static void append_rule(struct terms *terms, const struct rule *rule, struct text_builder *out)
{
    term built = read_text(terms, rule->built);
    term name = term_fresh(terms, "built", term_sort(terms, built));
    struct text_builder script = {.arena = out->arena};
    struct question question = {.goal = term_not(terms, term_eq(terms, name, built))};
    smtlib_write(terms, &question, &script);
    text_append(out, "(reset)\n(set-option :rlimit 20000000)\n%s", prelude);
    for (const char *line = script.at; *line != '\0'; line = strchr(line, '\n') + 1) {
        bool is_ours =
            strncmp(line, "(declare-fun", 12) == 0 && strstr(line, "built!") != line + 13;
        if (!is_ours && strncmp(line, "(set-logic", 10) != 0 &&
            strncmp(line, "(check-sat", 10) != 0)
            text_append_bytes(out, line, (size_t)(strchr(line, '\n') - line) + 1);
    }
    text_append(out, "(assert (not (and (= %s %s) (= %s %s))))\n(check-sat)\n", rule->built,
                rule->form, term_name(terms, name), rule->built);
}

Test(smt_rules, every_rule_gives_the_form_that_stands_beside_it)
{
    for (int i = 0; i < RULE_COUNT; i++) {
        struct arena *arena = arena_new();
        struct terms *terms = terms_new(arena);
        term built = read_text(terms, rules[i].built), form = read_text(terms, rules[i].form);
        struct text_builder one = {.arena = arena}, other = {.arena = arena};
        term_print(terms, built, &one);
        term_print(terms, form, &other);
        cr_expect_eq(built.id, form.id, "%s gives %s, not %s", rules[i].built, text_built(&one),
                     text_built(&other));
        arena_free(arena);
    }
}

Test(smt_rules, every_rule_is_an_equation_to_z3)
{
    struct arena *arena = arena_new();
    struct text_builder script = {.arena = arena};
    for (int i = 0; i < RULE_COUNT; i++)
        append_rule(terms_new(arena), &rules[i], &script);
    char path[] = "/tmp/vouch-rules-XXXXXX";
    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    cr_assert_eq(write(file, script.at, script.length), (ssize_t)script.length);
    close(file);
    FILE *program = popen(arena_printf(arena, "z3 -smt2 %s", path), "r");
    cr_assert_not_null(program);
    for (int i = 0; i < RULE_COUNT; i++) {
        char line[256];
        cr_assert_not_null(fgets(line, sizeof line, program), "%s", rules[i].built);
        cr_expect_str_eq(line, "unsat\n", "%s: %s", rules[i].built, line);
    }
    pclose(program);
    unlink(path);
    arena_free(arena);
}
