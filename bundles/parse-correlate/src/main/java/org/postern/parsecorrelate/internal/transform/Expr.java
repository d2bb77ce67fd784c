package org.postern.parsecorrelate.internal.transform;

/**
 * A compiled expression of the transform notation. Its value is a number, text, bytes, a truth value, nodes, a piece or
 * a list.
 */
@FunctionalInterface
interface Expr {

    Object eval(Scope scope);
}
