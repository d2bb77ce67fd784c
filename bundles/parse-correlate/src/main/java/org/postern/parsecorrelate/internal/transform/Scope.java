package org.postern.parsecorrelate.internal.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.TransformException;

/**
 * The context in which an expression is evaluated: the current node, the variables, and the whole request. Records
 * which DUIS paths were read, so that every value of the message has its source.
 */
final class Scope {

    /**
     * An argument that is evaluated where it is used, so that the paths it reads are recorded for the piece that it
     * fills.
     */
    record Deferred(Expr expr, Scope scope) {}

    final Request request;
    final DuisNode node;
    final int position;
    private final Map<String, Object> variables;
    private final Set<String>[] touched;

    @SuppressWarnings("unchecked")
    Scope(Request request) {
        this(request, request.body(), 1, Map.of(), (Set<String>[]) new Set<?>[] {new LinkedHashSet<String>()});
    }

    private Scope(Request request, DuisNode node, int position, Map<String, Object> variables, Set<String>[] touched) {
        this.request = request;
        this.node = node;
        this.position = position;
        this.variables = variables;
        this.touched = touched;
    }

    Scope on(DuisNode other, int ordinal) {
        return new Scope(request, other, ordinal, variables, touched);
    }

    Scope with(String name, Object value) {
        Map<String, Object> more = new HashMap<>(variables);
        more.put(name, value);
        return new Scope(request, node, position, more, touched);
    }

    Scope with(Map<String, Object> fresh) {
        return new Scope(request, node, position, fresh, touched);
    }

    Object variable(String name) {
        Object value = variables.get(name);
        if (value == null) {
            throw new TransformException(ParseCorrelateFault.RULES_BROKEN.fault(
                    "$" + name, "a variable is set before it is read", "not set", "correct the rule file"));
        }
        return value instanceof Deferred deferred ? deferred.expr().eval(deferred.scope()) : value;
    }

    void touch(String path) {
        touched[0].add(path);
    }

    /** Starts to record the paths that are read; pass the result to {@link #note}. */
    Set<String> mark() {
        Set<String> before = touched[0];
        touched[0] = new LinkedHashSet<>();
        return before;
    }

    /** The paths read since the mark; they are also recorded for the surrounding piece. */
    List<String> note(Set<String> before) {
        List<String> own = new ArrayList<>(touched[0]);
        before.addAll(touched[0]);
        touched[0] = before;
        return own;
    }
}
