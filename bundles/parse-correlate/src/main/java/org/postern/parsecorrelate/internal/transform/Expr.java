package org.postern.parsecorrelate.internal.transform;

/** An expression of the transform notation, compiled. Gives a number, text, bytes, truth, nodes, a piece or a list. */
@FunctionalInterface
interface Expr {

    Object eval(Scope scope);
}
