package org.postern.duis.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.catalogue.Table;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisFault;

/**
 * Which elements stand in a request's body, in what order and how often: a table, so that a body can be checked and put
 * in order where the official schema is not installed. Values are the schema's business.
 */
public final class BodyStructure {

    private static final String FILE = "request-bodies.tsv";
    /** Content of an element with text only. */
    static final String TEXT = "-";

    private static final String EMPTY = "0";
    private static final String ANYTHING = "*";
    private static final String NO_LIMIT = "*";
    private static final int MAX_TIMES = 99_999;

    /**
     * One member of a content.
     *
     * @param name element; {@code @name} for an attribute, {@code $} for text beside attributes
     * @param content the element's own content
     */
    record Member(String name, String content, int least, int most) {}

    private final Map<String, List<Member>> contents = new LinkedHashMap<>();

    private BodyStructure(Table table) {
        for (Table.Row row : table.rows()) {
            int least = row.number("least", 0, MAX_TIMES);
            int most = row.text("most").equals(NO_LIMIT) ? Integer.MAX_VALUE : row.number("most", least, MAX_TIMES);
            contents.computeIfAbsent(row.text("content"), c -> new ArrayList<>())
                    .add(new Member(row.text("member"), row.text("memberContent"), least, most));
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

    /** The table of DUIS 5.4; every content that is named must be there. */
    public static BodyStructure load() {
        return new BodyStructure(
                Table.resource(BodyStructure.class, FILE, "content", "member", "memberContent", "least", "most"));
    }

    /** The content of a request element; PST-1017 where DUIS has no such request. */
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
                        "see the catalogue for the body elements"));
    }

    /** The members of a content, in document order; none for text, empty and open contents. */
    List<Member> members(String content) {
        return contents.getOrDefault(content, List.of());
    }

    static boolean isOpen(String content) {
        return content.equals(ANYTHING);
    }

    /** Checks names, order and numbers of everything below a request element. */
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
                        "an unknown one",
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
                    && found < member.most()) {
                found++;
                check(
                        element.children().get(next++),
                        member.content(),
                        path + "/" + member.name() + (found > 1 ? "[" + found + "]" : ""));
            }
            if (found < member.least() && !member.name().equals("$")) {
                throw missing(path + "/" + member.name());
            }
        }
        if (next < element.children().size()) {
            throw DocumentParser.refused(
                    DuisFault.UNEXPECTED_ELEMENT,
                    path + "/" + element.children().get(next).name(),
                    "elements of DUIS 5.4 in their order",
                    "unknown, out of order, or one too many",
                    "correct the request");
        }
    }

    private static boolean is(DuisElement child, Member member) {
        return child.name().equals(member.name()) && child.namespace().equals(DuisElement.DUIS);
    }

    private static RuntimeException missing(String path) {
        return DocumentParser.refused(
                DuisFault.ELEMENT_MISSING, path, "required here", "missing, or not in its place", "add it");
    }
}
