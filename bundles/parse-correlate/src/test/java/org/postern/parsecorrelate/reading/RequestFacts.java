package org.postern.parsecorrelate.reading;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.postern.duis.DuisElement;
import org.postern.parsecorrelate.SchemaTables;

/**
 * The meaning of a request as paths and values that do not depend on its lexical form: numbered elements by their
 * numbers, members of a set by their values, times as instants. Independent of the transform; the official schema
 * determines which elements repeat or have numbers.
 */
final class RequestFacts {

    static final Set<String> BOOLEANS = Set.of(
            "SuspendDebtDisabled",
            "SuspendDebtEmergency",
            "ApplyTimeBasedCPVChecks",
            "DailyTariffBlockCounterMatrixReset");
    /** Names, of which white space is part. */
    static final Set<String> TEXTS = Set.of("SwitchDescription", "SeasonName");
    /** Members of a set, by the child that identifies them. */
    private static final Map<String, String> SETS =
            Map.of("DayOfWeekApplicability", "DayOfWeekID", "SpecialDayApplicability", "SpecialDayID");
    /** Elements to which others refer by name. */
    private static final Map<String, String> NAMES =
            Map.of("DayProfile", "DayName", "GasNonDisablementDayProfile", "GasDayName", "WeekProfile", "WeekName");
    /** Numbers that must be complete: exactly these, or from 1 on without a gap. */
    private static final Map<String, Integer> COMPLETE = Map.of("ReferencedDayName", 7, "Thresholds", 8);

    private static final Set<String> WITHOUT_GAP =
            Set.of("BlockThreshold", "SpecialDay", "ALCSHCALCSSpecialDay", "AuxiliaryControllerSpecialDayDefinition");
    private static final Pattern EUI = Pattern.compile("([0-9A-Fa-f]{2}-){7}[0-9A-Fa-f]{2}");

    private final SchemaTables.Shape shape;
    private final Map<String, String> values = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /** @param shape of the body, by the schema */
    RequestFacts(DuisElement body, SchemaTables.Shape shape) {
        this.shape = shape;
        walk(body, body.name(), "");
        mixed(body);
    }

    /** Paths from below the body's element, and values. */
    Map<String, String> values() {
        return values;
    }

    /** The reasons why the request has no meaning, or none that the use case can express; empty if it has one. */
    List<String> problems() {
        return problems;
    }

    /**
     * True if the use case of one sender can express the request and that of another cannot: both refusal and
     * acceptance are right.
     */
    boolean mayBeRefused() {
        // the prepayment floor of a load controller that the supplier replaces stands behind that party's own floor
        // (GBCS CS02g)
        return "LoadController".equals(values.get("RemotePartyRole"))
                && values.containsKey("RemotePartyPrepaymentTopUpFloorSeqNumber")
                && !values.containsKey("RemotePartyFloorSeqNumber");
    }

    private void walk(DuisElement element, String schemaPath, String path) {
        Map<String, String> attributes = shape.numbered().getOrDefault(schemaPath, Map.of());
        boolean many = shape.repeated().contains(schemaPath);
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            number(element, attribute.getKey(), attribute.getValue());
            if (!many) {
                values.put(
                        below(path, "@" + attribute.getKey()),
                        plain(element.attributes().getOrDefault(attribute.getKey(), "")));
            }
        }
        if (element.children().isEmpty()) {
            boolean presence = element.text().isEmpty();
            // an empty list has no meaning; the presence of an element that never has content has one
            if (!presence
                    || !path.isEmpty() && !shape.containers().contains(schemaPath) && (attributes.isEmpty() || many)) {
                values.put(path, presence ? "" : value(element));
            }
            return;
        }
        Map<String, List<DuisElement>> byName = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (DuisElement child : element.children()) {
            String own = schemaPath + "/" + child.name();
            List<DuisElement> same = byName.computeIfAbsent(child.name(), name -> new ArrayList<>());
            same.add(child);
            String step = child.name();
            if (shape.repeated().contains(own)) {
                step += "[" + key(child, own, same.size()) + "]";
            } else if (same.size() > 1) {
                problems.add(own + " is there twice");
            }
            if (!taken.add(step)) {
                problems.add(step + " is there twice");
            }
            walk(child, own, below(path, step));
        }
        byName.forEach((name, children) -> together(name, schemaPath + "/" + name, children));
    }

    private String key(DuisElement child, String schemaPath, int ordinal) {
        Map<String, String> attributes = shape.numbered().getOrDefault(schemaPath, Map.of());
        if (!attributes.isEmpty()) {
            return "#"
                    + plain(child.attributes()
                            .getOrDefault(attributes.keySet().iterator().next(), "none"));
        }
        String member = SETS.get(child.name());
        if (member != null) {
            String value = plain(child.find(member).orElse("none"));
            return value.matches("\\d+") ? "#" + value : value;
        }
        return String.valueOf(ordinal);
    }

    private void together(String name, String schemaPath, List<DuisElement> children) {
        String named = NAMES.get(name);
        if (named != null
                && children.stream()
                                .map(child -> plain(child.find(named).orElse("")))
                                .distinct()
                                .count()
                        < children.size()) {
            problems.add(name + " of one name twice");
        }
        Map<String, String> attributes = shape.numbered().getOrDefault(schemaPath, Map.of());
        if (attributes.isEmpty() || !shape.repeated().contains(schemaPath)) {
            return;
        }
        String attribute = attributes.keySet().iterator().next();
        TreeSet<String> numbers = new TreeSet<>();
        children.forEach(child -> numbers.add(plain(child.attributes().getOrDefault(attribute, "none"))));
        int wanted = COMPLETE.getOrDefault(name, WITHOUT_GAP.contains(name) ? children.size() : 0);
        for (int i = 1; i <= wanted; i++) {
            if (!numbers.contains(String.valueOf(i))) {
                problems.add(name + " number " + i + " is missing");
            }
        }
    }

    private void number(DuisElement element, String attribute, String range) {
        String text = element.attributes().getOrDefault(attribute, "none").strip();
        String[] ends = range.split("\\.\\.");
        if (!text.matches("\\+?\\d{1,9}")
                || new BigInteger(text).compareTo(new BigInteger(ends[0])) < 0
                || new BigInteger(text).compareTo(new BigInteger(ends[1])) > 0) {
            problems.add(element.name() + "/@" + attribute + " is " + text + ", not " + range);
        }
    }

    /** What the schema allows and no command can express. */
    private void mixed(DuisElement body) {
        boolean primary = body.name().equals("UpdateImportTariffPrimaryElement");
        if (primary
                && body.child("ElecTariffElements").isPresent()
                        != body.find("PriceElements/ElectricityPriceElements").isPresent()) {
            problems.add("tariff of one kind of meter, prices of another");
        }
        Set<String> days = new HashSet<>();
        values.keySet().stream()
                .filter(path -> path.matches(".*(SpecialDay|SpecialDayDefinition)\\[#\\d+](/.*)?"))
                .forEach(path -> days.add(path.replaceAll(".*(SpecialDay|SpecialDayDefinition)\\[#(\\d+)].*", "$2")));
        values.keySet().stream()
                .filter(path -> path.matches(".*(SpecialDaysApplicability|SpecialDayApplicability)\\[#\\d+](/.*)?"))
                .map(path -> path.replaceAll(".*(SpecialDaysApplicability|SpecialDayApplicability)\\[#(\\d+)].*", "$2"))
                .filter(day -> !days.contains(day))
                .forEach(day -> problems.add("special day " + day + " is in no calendar"));
        values.forEach((path, value) -> {
            if (path.endsWith("GasYearWithWildcards/SpecifiedYear") && new BigDecimal(value).intValue() > 2154) {
                problems.add("a year that gas cannot write");
            }
        });
        if (body.name().equals("UpdateSecurityCredentialsKRP")
                && !Set.of("Supplier", "NetworkOperator", "LoadController").contains(values.get("RemotePartyRole"))) {
            problems.add("a role whose credentials this service does not replace");
        }
    }

    private static String below(String path, String step) {
        return path.isEmpty() ? step : path + "/" + step;
    }

    private static String value(DuisElement element) {
        if (TEXTS.contains(element.name())) {
            return element.text();
        }
        String text = element.text().strip();
        if (BOOLEANS.contains(element.name())) {
            return text.equals("1") ? "true" : text.equals("0") ? "false" : text;
        }
        if (element.name().endsWith("Certificate")) {
            return HexFormat.of().withUpperCase().formatHex(Base64.getDecoder().decode(text.replaceAll("\\s", "")));
        }
        if (element.name().equals("FirmwareHash")) {
            return text.toUpperCase(java.util.Locale.ROOT);
        }
        return plain(text);
    }

    /** Times as seconds, identifiers without dashes, numbers without superfluous digits; other words unchanged. */
    static String plain(String given) {
        String text = given.strip();
        if (EUI.matcher(text).matches()) {
            return text.replace("-", "").toUpperCase(java.util.Locale.ROOT);
        }
        if (text.matches("\\d{4,}-\\d\\d-\\d\\dT.*")) {
            boolean zoned = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)");
            OffsetDateTime time = OffsetDateTime.parse(text.replace("T24:", "T00:") + (zoned ? "" : "Z"));
            return "at " + (text.contains("T24:") ? time.plusDays(1) : time).toEpochSecond();
        }
        if (text.matches("\\d{4,}-\\d\\d-\\d\\d(Z|\\+00:00)?")) {
            return "on " + text.replaceAll("Z|\\+00:00", "");
        }
        if (text.matches("\\d\\d:\\d\\d:\\d\\d.*")) {
            LocalTime time = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
                    ? OffsetTime.parse(text)
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .toLocalTime()
                    : LocalTime.parse(text);
            return "time " + time.toSecondOfDay();
        }
        if (text.matches("[+-]?\\d+(\\.\\d+)?")) {
            BigDecimal number = new BigDecimal(text);
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
        return text;
    }
}
