package org.postern.parsecorrelate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.postern.duis.DuisElement;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Makes request bodies by the rules of the official schema: every optional element with and without, every branch of
 * every choice, every enumeration value, both ends and the middle of every range, the fewest and the most repetitions.
 *
 * <p>A body is made from a series of decisions, each with a number of ways; all ways but the first are tried one at a
 * time, the decisions that they uncover after them, and then some at random together.
 */
final class SchemaRequests {

    private static final String XS = "http://www.w3.org/2001/XMLSchema";
    /** Enough to tell long from short lengths in DER. */
    private static final String CERTIFICATE = Base64.getEncoder().encodeToString(new byte[] {0x30, 3, 2, 1, 1});

    private static final String LONG_CERTIFICATE = Base64.getEncoder().encodeToString(longCertificate());

    private final Map<String, Element> types = new HashMap<>();
    private final Map<String, Element> groups = new HashMap<>();
    private final Map<String, Element> elements = new HashMap<>();

    /** A body, the one it began from, and the decisions that made it differ from that. */
    record Made(DuisElement body, DuisElement beginning, Map<String, Integer> decisions) {}

    /** What a simple type allows. */
    private static final class Facets {

        private String base = "string";
        private final List<String> values = new ArrayList<>();
        private BigDecimal least;
        private BigDecimal most;
        private int minLength;
        private int maxLength = -1;
        private int fraction;
        private int totalDigits;
        private String pattern = "";

        private String signature() {
            return String.join(
                    " ",
                    base,
                    values.toString(),
                    String.valueOf(least),
                    String.valueOf(most),
                    minLength + "-" + maxLength,
                    String.valueOf(fraction),
                    String.valueOf(totalDigits),
                    pattern);
        }
    }

    SchemaRequests(Path xsd) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Element root = factory.newDocumentBuilder().parse(xsd.toFile()).getDocumentElement();
        for (Element child : children(root)) {
            switch (child.getLocalName()) {
                case "complexType", "simpleType" -> types.put(child.getAttribute("name"), child);
                case "group" -> groups.put(child.getAttribute("name"), child);
                default -> {}
            }
        }
        NodeList all = root.getElementsByTagNameNS(XS, "element");
        for (int i = 0; i < all.getLength(); i++) {
            elements.putIfAbsent(((Element) all.item(i)).getAttribute("name"), (Element) all.item(i));
        }
    }

    /**
     * Bodies of that element, from each of the beginnings: one way at a time first, then at random, at most that many.
     */
    List<Made> bodies(String name, List<Map<String, Integer>> beginnings, int most, int random) {
        List<Made> made = new ArrayList<>();
        beginnings.forEach(beginning -> made.addAll(bodies(name, beginning, most / beginnings.size())));
        Random dice = new Random(name.hashCode());
        for (int i = 0; i < random; i++) {
            made.add(new Made(new Maker(Map.of(), dice).body(name), null, Map.of("random", i)));
        }
        return made;
    }

    private List<Made> bodies(String name, Map<String, Integer> beginning, int most) {
        List<Made> made = new ArrayList<>();
        Set<Map<String, Integer>> tried = new HashSet<>();
        Deque<Map<String, Integer>> open = new ArrayDeque<>(List.of(beginning));
        Map<String, Integer> known = new LinkedHashMap<>();
        while (!open.isEmpty() && made.size() < most) {
            Map<String, Integer> decisions = open.poll();
            if (!tried.add(decisions)) {
                continue;
            }
            Maker maker = new Maker(decisions, null);
            Map<String, Integer> own = new LinkedHashMap<>(decisions);
            own.keySet().removeAll(beginning.keySet());
            DuisElement body = maker.body(name);
            made.add(new Made(body, made.isEmpty() ? body : made.get(0).body(), own));
            for (Map.Entry<String, Integer> seen : maker.seen.entrySet()) {
                if (known.putIfAbsent(seen.getKey(), seen.getValue()) == null) {
                    for (int way = 1; way < seen.getValue(); way++) {
                        Map<String, Integer> next = new LinkedHashMap<>(decisions);
                        next.put(seen.getKey(), way);
                        open.add(next);
                    }
                }
            }
        }
        return made;
    }

    /**
     * A body of random shape whose values are as different from each other as their types allow, so that one put in the
     * place of another is seen.
     *
     * @param typed is told the type of every leaf
     */
    DuisElement distinct(String name, long seed, Map<DuisElement, String> typed) {
        Maker maker = new Maker(Map.of(), new Random(seed * 31 + name.hashCode()));
        maker.typed = typed;
        maker.number = (int) seed;
        return maker.body(name);
    }

    /** Makes one body. */
    private final class Maker {

        private final Map<String, Integer> decisions;
        private final Random dice;
        private final Map<String, Integer> seen = new LinkedHashMap<>();
        /** Types of the leaves, where values are to be distinct; or null. */
        private Map<DuisElement, String> typed;

        private String type;
        private int number;

        Maker(Map<String, Integer> decisions, Random dice) {
            this.decisions = decisions;
            this.dice = dice;
        }

        DuisElement body(String name) {
            return element(elements.get(name), name, 1, true);
        }

        /** Only the first of several like elements decides; the others take the first way. */
        private int decide(String id, int ways, boolean open) {
            if (ways < 2 || !open) {
                return 0;
            }
            if (dice != null) {
                return dice.nextInt(ways);
            }
            seen.putIfAbsent(id, ways);
            return Math.min(decisions.getOrDefault(id, 0), ways - 1);
        }

        private DuisElement element(Element declared, String path, int ordinal, boolean open) {
            String name = declared.getAttribute("name");
            Map<String, String> attributes = new LinkedHashMap<>();
            List<DuisElement> content = new ArrayList<>();
            String text = "";
            Element type = type(declared);
            if (type == null) {
                text = value(facets(declared.getAttribute("type"), new Facets()), path, open);
            } else if (type.getLocalName().equals("simpleType")) {
                text = value(facets(type, new Facets()), path, open);
            } else {
                text = complex(type, path, ordinal, open, attributes, content);
            }
            DuisElement made = new DuisElement(DuisElement.DUIS, name, attributes, content, text);
            if (typed != null && content.isEmpty()) {
                typed.put(made, text.isEmpty() ? "none" : this.type);
            }
            return made;
        }

        private String complex(
                Element type,
                String path,
                int ordinal,
                boolean open,
                Map<String, String> attributes,
                List<DuisElement> content) {
            String text = "";
            for (Element part : children(type)) {
                switch (part.getLocalName()) {
                    case "sequence", "choice", "all" -> particle(part, path, open, content);
                    case "group" ->
                        particle(
                                children(groups.get(local(part.getAttribute("ref"))))
                                        .get(0),
                                path,
                                open,
                                content);
                    case "attribute" -> attribute(part, path, ordinal, open, attributes);
                    case "complexContent", "simpleContent" ->
                        text = complex(part, path, ordinal, open, attributes, content);
                    case "extension", "restriction" -> {
                        Element base = types.get(local(part.getAttribute("base")));
                        if (base == null) {
                            text = value(facets(part.getAttribute("base"), new Facets()), path, open);
                        } else if (base.getLocalName().equals("simpleType")) {
                            text = value(facets(base, new Facets()), path, open);
                        } else {
                            text = complex(base, path, ordinal, open, attributes, content);
                        }
                        complex(part, path, ordinal, open, attributes, content);
                    }
                    default -> {}
                }
            }
            return text;
        }

        private void attribute(
                Element declared, String path, int ordinal, boolean open, Map<String, String> attributes) {
            String name = declared.getAttribute("name");
            Facets facets = declared.hasAttribute("type")
                    ? facets(declared.getAttribute("type"), new Facets())
                    : facets(children(declared).get(0), new Facets());
            boolean one = ordinal == 1 && open;
            // numbered elements carry their own number; a lone one may carry any
            attributes.put(
                    name,
                    ordinal > 1 || typed != null && repeats
                            ? String.valueOf(ordinal)
                            : value(facets, path + "/@" + name, one && !repeats));
        }

        private boolean repeats;
        private int nearest = 1;
        private boolean several;

        private void particle(Element particle, String path, boolean open, List<DuisElement> content) {
            String kind = particle.getLocalName();
            int[] occurs = occurs(particle);
            int times = times(occurs, path + "/" + kind + " " + names(children(particle)), open);
            for (int i = 1; i <= times; i++) {
                if (kind.equals("choice")) {
                    List<Element> branches = children(particle);
                    int way = decide(path + "/choice " + names(branches), branches.size(), open && i == 1);
                    one(branches.get(way), path, open, content, times, i);
                } else {
                    for (Element part : children(particle)) {
                        one(part, path, open, content, times, i);
                    }
                }
            }
        }

        private void one(
                Element part, String path, boolean open, List<DuisElement> content, int outerTimes, int outer) {
            switch (part.getLocalName()) {
                case "sequence", "choice", "all" -> particle(part, path, open, content);
                case "group" ->
                    particle(
                            children(groups.get(local(part.getAttribute("ref"))))
                                    .get(0),
                            path,
                            open,
                            content);
                case "element" -> {
                    String own = path + "/" + part.getAttribute("name");
                    int[] occurs = occurs(part);
                    int times = times(occurs, own, open);
                    boolean before = repeats;
                    repeats = repeats || times > 1 || outerTimes > 1 || occurs[1] > 1;
                    int outerNearest = nearest;
                    boolean outerSeveral = several;
                    for (int i = 1; i <= times; i++) {
                        nearest = times > 1 ? i : outerNearest;
                        several = times > 1 || outerSeveral && occurs[1] == 1;
                        content.add(element(part, own, times > 1 ? i : outer, open && i == 1 && outer == 1));
                    }
                    nearest = outerNearest;
                    several = outerSeveral;
                    repeats = before;
                }
                default -> {}
            }
        }

        private int times(int[] occurs, String path, boolean open) {
            if (typed != null) {
                boolean calendar = path.contains("SpecialDay") && !path.contains("Applicability");
                int most = Math.max(occurs[0], Math.min(occurs[1], 3));
                return calendar && occurs[1] > 1 ? most : occurs[0] + dice.nextInt(most - occurs[0] + 1);
            }
            List<Integer> ways = new ArrayList<>(List.of(Math.max(1, occurs[0])));
            if (occurs[1] > Math.max(1, occurs[0])) {
                // a full calendar first, so that days named elsewhere are in it
                ways.add(path.contains("SpecialDay") && !path.contains("Applicability") ? 0 : 1, occurs[1]);
            }
            if (occurs[0] == 0) {
                ways.add(0);
            }
            return ways.get(decide(path + " times", ways.size(), open));
        }

        private String value(Facets facets, String path, boolean open) {
            type = facets.signature();
            List<String> ways = ways(facets, path);
            if ((several || nearest > 1) && path.endsWith("DayOfWeekID")) {
                return ways.get((nearest - 1) % ways.size());
            }
            if (several && path.matches(".*/(Gas)?DayName|.*/WeekName")) {
                // a name that others refer to, once each
                return String.valueOf(nearest);
            }
            if ((several || nearest > 1) && path.endsWith("SpecialDayID")) {
                return String.valueOf((nearest - 1) % 20 + 1);
            }
            if (typed != null) {
                return DistinctValues.of(
                        facets.base,
                        facets.values,
                        new BigDecimal[] {facets.least, facets.most},
                        facets.fraction,
                        facets.maxLength,
                        ways,
                        path,
                        number++);
            }
            return ways.get(decide(path + " value", ways.size(), open));
        }
    }

    private static List<String> ways(Facets facets, String path) {
        if (!facets.values.isEmpty()) {
            return facets.values;
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        return switch (facets.base) {
            case "boolean" -> List.of("false", "true");
            case "dateTime" ->
                last.equals("ExecutionDateTime")
                        ? List.of("2030-01-15T09:30:10.00Z", "3000-12-31T00:00:00.00Z")
                        : List.of("2015-02-01T00:00:00.00Z", "2099-12-31T23:59:59.00Z");
            case "time" -> List.of("00:00:00.00Z", "23:59:59.00Z", "07:30:00.00Z");
            case "date" -> List.of("2015-10-27Z", "65535-04-29Z");
            case "base64Binary" -> List.of(CERTIFICATE, LONG_CERTIFICATE);
            case "hexBinary" -> List.of("AB".repeat(Math.max(1, facets.maxLength)));
            case "string", "token" -> texts(facets);
            default -> numbers(facets);
        };
    }

    private static List<String> texts(Facets facets) {
        int most = facets.maxLength < 0 ? 12 : facets.maxLength;
        int least = Math.max(1, facets.minLength);
        if (facets.pattern.startsWith("[A-Fa-f0-9]{2}-")) {
            return List.of("00-DB-12-34-56-78-90-AB", "ff-db-12-34-56-78-90-ab");
        }
        String letter = facets.pattern.startsWith("[0-9") || most == 13 || most == 10 ? "7" : "W";
        return least == most ? List.of(letter.repeat(most)) : List.of(letter.repeat(least), letter.repeat(most));
    }

    private static List<String> numbers(Facets facets) {
        BigDecimal[] range = switch (facets.base) {
            case "short" -> range("-32768", "32767");
            case "int" -> range("-2147483648", "2147483647");
            case "unsignedShort" -> range("0", "65535");
            case "unsignedInt" -> range("0", "4294967295");
            case "unsignedLong" -> range("0", "18446744073709551615");
            case "positiveInteger" -> range("1", "2147483647");
            case "nonNegativeInteger" -> range("0", "2147483647");
            default -> range("0", "99999");
        };
        BigDecimal least = facets.least == null ? range[0] : facets.least;
        BigDecimal most = facets.most == null ? range[1] : facets.most;
        if (facets.most == null && facets.totalDigits > 0) {
            most = BigDecimal.TEN.pow(facets.totalDigits).subtract(BigDecimal.ONE);
        }
        BigDecimal middle =
                least.add(most).divide(BigDecimal.valueOf(2)).setScale(facets.fraction, java.math.RoundingMode.DOWN);
        List<String> ways = new ArrayList<>();
        for (BigDecimal way : List.of(least, most, middle)) {
            String text = facets.fraction > 0
                    ? way.setScale(facets.fraction, java.math.RoundingMode.DOWN).toPlainString()
                    : new BigInteger(
                                    way.setScale(0, java.math.RoundingMode.DOWN).toPlainString())
                            .toString();
            if (!ways.contains(text)) {
                ways.add(text);
            }
        }
        return ways;
    }

    private static BigDecimal[] range(String least, String most) {
        return new BigDecimal[] {new BigDecimal(least), new BigDecimal(most)};
    }

    private Facets facets(String type, Facets facets) {
        Element named = types.get(local(type));
        if (named != null) {
            return facets(named, facets);
        }
        facets.base = local(type);
        return facets;
    }

    private Facets facets(Element simpleType, Facets facets) {
        for (Element restriction : children(simpleType)) {
            if (!restriction.getLocalName().equals("restriction")) {
                continue;
            }
            if (restriction.hasAttribute("base")) {
                facets(restriction.getAttribute("base"), facets);
            }
            for (Element facet : children(restriction)) {
                String value = facet.getAttribute("value");
                switch (facet.getLocalName()) {
                    case "enumeration" -> facets.values.add(value);
                    case "minInclusive" -> facets.least = new BigDecimal(value);
                    case "maxInclusive" -> facets.most = new BigDecimal(value);
                    case "minLength" -> facets.minLength = Integer.parseInt(value);
                    case "maxLength" -> facets.maxLength = Integer.parseInt(value);
                    case "fractionDigits" -> facets.fraction = Integer.parseInt(value);
                    case "totalDigits" -> facets.totalDigits = Integer.parseInt(value);
                    case "pattern" -> facets.pattern = value;
                    default -> {}
                }
            }
        }
        return facets;
    }

    /** The type of an element as declared, or null where it is one of the schema language's own. */
    private Element type(Element declared) {
        if (declared.hasAttribute("type")) {
            return types.get(local(declared.getAttribute("type")));
        }
        for (Element child : children(declared)) {
            if (child.getLocalName().endsWith("Type")) {
                return child;
            }
        }
        throw new IllegalStateException("no type for " + declared.getAttribute("name"));
    }

    private static int[] occurs(Element particle) {
        String least = particle.getAttribute("minOccurs");
        String most = particle.getAttribute("maxOccurs");
        return new int[] {
            least.isEmpty() ? 1 : Integer.parseInt(least),
            most.isEmpty() ? 1 : most.equals("unbounded") ? 3 : Integer.parseInt(most)
        };
    }

    private static String local(String qualified) {
        return qualified.substring(qualified.indexOf(':') + 1);
    }

    private static String names(List<Element> parts) {
        return String.join(
                "|", parts.stream().map(part -> part.getAttribute("name")).toList());
    }

    private static List<Element> children(Element parent) {
        List<Element> found = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element
                    && XS.equals(element.getNamespaceURI())
                    && !element.getLocalName().equals("annotation")) {
                found.add(element);
            }
        }
        return found;
    }

    private static byte[] longCertificate() {
        byte[] bytes = new byte[4 + 304];
        bytes[0] = 0x30;
        bytes[1] = (byte) 0x82;
        bytes[2] = 1;
        bytes[3] = 0x30;
        for (int i = 0; i < 152; i++) {
            bytes[4 + 2 * i] = 5;
        }
        return bytes;
    }
}
