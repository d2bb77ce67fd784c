package org.postern.parsecorrelate.reading;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.postern.duis.DuisElement;
import org.postern.parsecorrelate.SchemaTables;

/** Changes of a request: of repeated elements and of numbers, and swaps of values. */
final class Mutations {

    /** A changed body and a description of the change. */
    record Mutant(String kind, String what, DuisElement body) {}

    private final DuisElement body;
    private final SchemaTables.Shape shape;
    private final Map<DuisElement, String> types;
    private final List<Mutant> found = new ArrayList<>();

    Mutations(DuisElement body, SchemaTables.Shape shape, Map<DuisElement, String> types) {
        this.body = body;
        this.shape = shape;
        this.types = types;
    }

    /**
     * All changes.
     *
     * @param pairs largest number of pairs of values, chosen at random
     */
    List<Mutant> all(int pairs, Random dice) {
        structure(body, body.name(), List.of());
        values(pairs, dice);
        add("written otherwise", "every value", List.of(), otherwise(body, false));
        add("white space around", "every value but names", List.of(), otherwise(body, true));
        return found;
    }

    private void structure(DuisElement element, String path, List<Integer> place) {
        shape.numbered()
                .getOrDefault(path, Map.of())
                .forEach((attribute, range) -> numbers(element, path, place, attribute, range));
        Map<String, List<Integer>> byName = new TreeMap<>();
        for (int i = 0; i < element.children().size(); i++) {
            DuisElement child = element.children().get(i);
            List<Integer> below = new ArrayList<>(place);
            below.add(i);
            structure(child, path + "/" + child.name(), below);
            if (shape.repeated().contains(path + "/" + child.name())) {
                byName.computeIfAbsent(child.name(), name -> new ArrayList<>()).add(i);
            }
        }
        byName.forEach((name, places) -> repetitions(element, path + "/" + name, place, places));
    }

    private void repetitions(DuisElement parent, String path, List<Integer> place, List<Integer> places) {
        for (int i = 0; i < places.size(); i++) {
            int at = places.get(i);
            List<DuisElement> doubled = new ArrayList<>(parent.children());
            doubled.add(at + 1, doubled.get(at));
            children("element there twice", path + " " + i, parent, place, doubled);
            // without the last element of a name the request has another form, which the generator makes if the schema
            // allows it
            if (places.size() > 1) {
                List<DuisElement> dropped = new ArrayList<>(parent.children());
                dropped.remove(at);
                children("element dropped", path + " " + i, parent, place, dropped);
            }
            if (i > 0) {
                List<DuisElement> swapped = new ArrayList<>(parent.children());
                Collections.swap(swapped, places.get(i - 1), at);
                children("elements swapped", path + " " + i, parent, place, swapped);
            }
        }
        if (places.size() > 2) {
            List<DuisElement> reversed = new ArrayList<>(parent.children());
            for (int i = 0; i < places.size() / 2; i++) {
                Collections.swap(reversed, places.get(i), places.get(places.size() - 1 - i));
            }
            children("elements reordered", path, parent, place, reversed);
        }
        for (String attribute : shape.numbered().getOrDefault(path, Map.of()).keySet()) {
            for (int i = 1; i < places.size(); i++) {
                DuisElement left = parent.children().get(places.get(i - 1));
                DuisElement right = parent.children().get(places.get(i));
                List<DuisElement> swapped = new ArrayList<>(parent.children());
                swapped.set(
                        places.get(i - 1),
                        left.with(attribute, right.attributes().get(attribute)));
                swapped.set(
                        places.get(i), right.with(attribute, left.attributes().get(attribute)));
                children("numbers swapped", path + "/@" + attribute + " " + i, parent, place, swapped);
            }
        }
    }

    private void numbers(DuisElement element, String path, List<Integer> place, String attribute, String range) {
        int least = Integer.parseInt(range.substring(0, range.indexOf('.')));
        int most = Integer.parseInt(range.substring(range.lastIndexOf('.') + 1));
        for (int number : new int[] {least - 1, least, least + 1, most, most + 1}) {
            add(
                    "number changed",
                    path + "/@" + attribute + " to " + number,
                    place,
                    element.with(attribute, String.valueOf(number)));
        }
        DuisElement without =
                new DuisElement(element.namespace(), element.name(), Map.of(), element.children(), element.text());
        add("number dropped", path + "/@" + attribute, place, without);
    }

    private void children(
            String kind, String what, DuisElement parent, List<Integer> place, List<DuisElement> children) {
        add(
                kind,
                what,
                place,
                new DuisElement(parent.namespace(), parent.name(), parent.attributes(), children, parent.text()));
    }

    private void add(String kind, String what, List<Integer> place, DuisElement changed) {
        found.add(new Mutant(kind, what, with(body, place, changed)));
    }

    private record Leaf(List<Integer> place, DuisElement element, String type) {}

    /** Swaps pairs of values of one type, and copies every value to the position of another. */
    private void values(int pairs, Random dice) {
        List<Leaf> leaves = new ArrayList<>();
        leaves(body, List.of(), leaves);
        List<int[]> all = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            for (int k = i + 1; k < leaves.size(); k++) {
                if (leaves.get(i).type().equals(leaves.get(k).type())
                        && !leaves.get(i)
                                .element()
                                .text()
                                .equals(leaves.get(k).element().text())) {
                    all.add(new int[] {i, k});
                }
            }
        }
        Collections.shuffle(all, dice);
        leaves.stream()
                .filter(leaf -> RequestFacts.TEXTS.contains(leaf.element().name()))
                .limit(4)
                .forEach(leaf -> {
                    add(
                            "white space in a name",
                            leaf.element().name(),
                            leaf.place(),
                            text(leaf.element(), " " + leaf.element().text()));
                    add(
                            "white space in a name",
                            leaf.element().name(),
                            leaf.place(),
                            text(leaf.element(), leaf.element().text() + " "));
                });
        boolean[] taken = new boolean[leaves.size()];
        int count = 0;
        for (int[] pair : all) {
            Leaf left = leaves.get(pair[0]);
            Leaf right = leaves.get(pair[1]);
            if (count++ < pairs) {
                DuisElement half = with(
                        body, left.place(), text(left.element(), right.element().text()));
                found.add(new Mutant(
                        "values swapped",
                        left.element().name() + " and " + right.element().name(),
                        with(
                                half,
                                right.place(),
                                text(right.element(), left.element().text()))));
            }
            for (int i = 0; i < 2; i++) {
                if (!taken[pair[i]]) {
                    taken[pair[i]] = true;
                    Leaf one = leaves.get(pair[i]);
                    found.add(new Mutant(
                            "value changed",
                            one.element().name() + " " + one.place(),
                            with(
                                    body,
                                    one.place(),
                                    text(
                                            one.element(),
                                            leaves.get(pair[1 - i]).element().text()))));
                }
            }
        }
    }

    private void leaves(DuisElement element, List<Integer> place, List<Leaf> leaves) {
        if (element.children().isEmpty() && !element.text().isEmpty()) {
            leaves.add(new Leaf(place, element, types.getOrDefault(element, "?" + element.name())));
        }
        for (int i = 0; i < element.children().size(); i++) {
            List<Integer> below = new ArrayList<>(place);
            below.add(i);
            leaves(element.children().get(i), below, leaves);
        }
    }

    /** The same values in other forms of their types. */
    private static DuisElement otherwise(DuisElement element, boolean padded) {
        Map<String, String> attributes = new TreeMap<>();
        element.attributes()
                .forEach(
                        (name, value) -> attributes.put(name, padded ? "\n " + value + " " : OtherForms.of("", value)));
        String text = element.text();
        boolean name = RequestFacts.TEXTS.contains(element.name());
        String form = text.isEmpty() || name ? text : padded ? " " + text + "\t" : OtherForms.of(element.name(), text);
        return new DuisElement(
                element.namespace(),
                element.name(),
                attributes,
                element.children().stream()
                        .map(child -> otherwise(child, padded))
                        .toList(),
                form);
    }

    private static DuisElement text(DuisElement element, String text) {
        return new DuisElement(element.namespace(), element.name(), element.attributes(), List.of(), text);
    }

    static DuisElement with(DuisElement root, List<Integer> place, DuisElement changed) {
        if (place.isEmpty()) {
            return changed;
        }
        List<DuisElement> children = new ArrayList<>(root.children());
        children.set(place.get(0), with(children.get(place.get(0)), place.subList(1, place.size()), changed));
        return new DuisElement(root.namespace(), root.name(), root.attributes(), children, root.text());
    }
}
