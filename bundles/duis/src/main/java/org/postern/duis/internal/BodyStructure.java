package org.postern.duis.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.catalogue.Table;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisFault;

/**
 * The elements of the body of each request, their order and number, read from a table. It serves to check a body and to
 * order its elements where the official schema is not installed. Values are checked by the schema only.
 */
public final class BodyStructure {

    private static final String FILE = "request-bodies.tsv";
    /** Content of an element that contains only text. */
    static final String TEXT = "-";

    private static final String EMPTY = "0";
    private static final String ANYTHING = "*";
    private static final String NO_LIMIT = "*";
    private static final int MAX_OCCURS = 99_999;

    /**
     * One member of the content of an element.
     *
     * @param name element; {@code @name} for an attribute, {@code $} for the text of an element with attributes
     * @param content name of the content of that element
     */
    record Member(String name, String content, int minOccurs, int maxOccurs) {}

    private final Map<String, List<Member>> contents = new LinkedHashMap<>();

    private BodyStructure(Table table) {
        for (Table.Row row : table.rows()) {
            int minOccurs = row.number("minOccurs", 0, MAX_OCCURS);
            int maxOccurs = row.text("maxOccurs").equals(NO_LIMIT)
                    ? Integer.MAX_VALUE
                    : row.number("maxOccurs", minOccurs, MAX_OCCURS);
            contents.computeIfAbsent(row.text("content"), c -> new ArrayList<>())
                    .add(new Member(row.text("member"), row.text("memberContent"), minOccurs, maxOccurs));
        }
        for (Table.Row row : table.rows()) {
            String content = row.text("memberContent");
            row.require(
                    "memberContent",
                    contents.containsKey(content)
                            || List.of(TEXT, EMPTY, ANYTHING).contains(content),
                    "a content of this table, -, 0 or *");
        }
        if (!contents.containsKey("Body")) {
            throw table.broken("the content Body, which lists the request elements", "missing");
        }
    }

    /** Reads the table of DUIS 5.4. Every content that a row refers to has to exist. */
    public static BodyStructure load() {
        return new BodyStructure(Table.resource(
                BodyStructure.class, FILE, "content", "member", "memberContent", "minOccurs", "maxOccurs"));
    }

    /** The content of a request element; PST-1017 where DUIS does not define the request. */
    String contentOf(String requestElement) {
        return members("Body").stream()
                .filter(m -> m.name().equals(requestElement))
                .map(Member::content)
                .findFirst()
                .orElseThrow(() -> DocumentParser.refused(
                        DuisFault.UNEXPECTED_ELEMENT,
                        "Body/" + requestElement,
                        "a request of DUIS 5.4",
                        "an unknown element",
                        "use a body element of the service catalogue"));
    }

    /** The members of a content, in document order; empty for text, empty and open contents. */
    List<Member> members(String content) {
        return contents.getOrDefault(content, List.of());
    }

    static boolean isOpen(String content) {
        return content.equals(ANYTHING);
    }

    /** Checks the names, the order and the number of all elements of a request. */
    public void check(DuisElement request) {
        check(request, contentOf(request.name()), "Body/" + request.name());
    }

    private void check(DuisElement element, String content, String path) {
        if (isOpen(content)) {
            return;
        }
        List<Member> members = members(content);
        boolean text =
                content.equals(TEXT) || members.stream().anyMatch(m -> m.name().equals("$"));
        if (!text && !element.text().isBlank()) {
            throw DocumentParser.refused(
                    DuisFault.UNEXPECTED_TEXT, path, "no text here", "text", "correct the request");
        }
        for (String attribute : element.attributes().keySet()) {
            if (members.stream().noneMatch(m -> m.name().equals("@" + attribute))) {
                throw DocumentParser.refused(
                        DuisFault.UNEXPECTED_ELEMENT,
                        path + "/@" + attribute,
                        "an attribute of DUIS 5.4",
                        "an unknown attribute",
                        "correct the request");
            }
        }
        int next = 0;
        for (Member member : members) {
            if (member.name().startsWith("@")) {
                if (!element.attributes().containsKey(member.name().substring(1))) {
                    throw missing(path + "/" + member.name());
                }
                continue;
            }
            int found = 0;
            while (next < element.children().size()
                    && is(element.children().get(next), member)
                    && found < member.maxOccurs()) {
                found++;
                check(
                        element.children().get(next++),
                        member.content(),
                        path + "/" + member.name() + (found > 1 ? "[" + found + "]" : ""));
            }
            if (found < member.minOccurs() && !member.name().equals("$")) {
                throw missing(path + "/" + member.name());
            }
        }
        if (next < element.children().size()) {
            throw DocumentParser.refused(
                    DuisFault.UNEXPECTED_ELEMENT,
                    path + "/" + element.children().get(next).name(),
                    "the elements of DUIS 5.4 in their order",
                    "an element that is unknown, out of order or repeated too often",
                    "correct the request");
        }
    }

    private static boolean is(DuisElement child, Member member) {
        return child.name().equals(member.name()) && child.namespace().equals(DuisElement.DUIS);
    }

    private static RuntimeException missing(String path) {
        return DocumentParser.refused(
                DuisFault.ELEMENT_MISSING, path, "required here", "missing, or at another position", "add it");
    }
}
