package org.postern.parsecorrelate.internal.transform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path in the request, relative to the current node or, with a leading slash, to the body's element. Its value is the
 * list of matching nodes, which may be empty. Evaluation records the path, whether or not a node is found.
 */
record PathExpr(boolean absolute, List<PathStep> steps) implements Expr {

    /**
     * One step: an element's name, {@code @attribute}, {@code .}, {@code ..} or {@code *}, and an optional condition.
     */
    record PathStep(String name, @Nullable Expr condition) {}

    @Override
    public List<DuisNode> eval(Scope scope) {
        List<DuisNode> found = List.of(absolute ? scope.request.body() : scope.node);
        for (int i = 0; i < steps.size(); i++) {
            List<DuisNode> next = step(steps.get(i), found, scope);
            if (next.isEmpty()) {
                String missing =
                        (found.isEmpty() ? scope.node.path() : found.get(0).path()) + "/" + rest(i);
                scope.touch(missing);
                return new MissingNodes(missing);
            }
            found = next;
        }
        for (DuisNode node : found) {
            scope.touch(node.path());
        }
        return found;
    }

    private static List<DuisNode> step(PathStep step, List<DuisNode> from, Scope scope) {
        List<DuisNode> found = new ArrayList<>();
        for (DuisNode node : from) {
            switch (step.name()) {
                case "." -> found.add(node);
                case ".." -> {
                    if (node.parent() != null) {
                        found.add(node.parent());
                    }
                }
                case "*" -> found.addAll(node.children());
                default -> {
                    if (step.name().startsWith("@")) {
                        DuisNode attribute = node.attribute(step.name().substring(1));
                        if (attribute != null) {
                            found.add(attribute);
                        }
                    } else {
                        found.addAll(node.children(step.name()));
                    }
                }
            }
        }
        if (step.condition() == null) {
            return found;
        }
        List<DuisNode> kept = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (Values.truth(step.condition().eval(scope.on(found.get(i), i + 1)))) {
                kept.add(found.get(i));
            }
        }
        return kept;
    }

    private String rest(int from) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < steps.size(); i++) {
            text.append(i == from ? "" : "/").append(steps.get(i).name());
        }
        return text.toString();
    }
}
