package org.postern.parsecorrelate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.duis.DuisElement;
import org.postern.gbcs.GbcsMessage;

/**
 * A test oracle that is independent of the transform's rules: every number, name, date, time, identifier and
 * certificate of the request must be among the decoded values of the message, as often as it occurs in the request, in
 * one of the encodings of GBCS. Words of enumerations are checked by comparing two messages.
 */
final class RequestValues {

    private static final long SECONDS_TO_2000 = 946_684_800L;
    /** Values that are multiplied in the message. */
    private static final Map<String, BigDecimal> SCALED = Map.of(
            "CalorificValue",
            BigDecimal.TEN,
            "ConversionFactor",
            new BigDecimal(100000),
            "UncontrolledGasFlowRateDecimal",
            new BigDecimal(10000));
    /**
     * Values that are part of a larger value; the last one, how often the clock is read, has no field in the message.
     */
    private static final Set<String> PARTS = Set.of(
            "TolerancePeriod",
            "NumberOfThresholds",
            "CommandedStateLevel",
            "SpecialDayID",
            "SpecialDaysApplicability",
            "SpecifiedYear",
            "SpecifiedMonth",
            "SpecifiedDayOfMonth",
            "SpecifiedDayOfWeek",
            "Monthly",
            "Weekly",
            "DayOfMonth",
            "BillingPeriodStartMonth");

    private final List<DuisElement> values = new ArrayList<>();
    private final boolean noBlocks;

    RequestValues(DuisElement body) {
        // a gas tariff by time of use has no blocks: the schema demands thresholds all the same
        noBlocks = body.at("GasTariffElements").isPresent()
                && body.at("PriceElements/GasPriceElements/TOUTariff").isPresent();
        collect(body);
    }

    private void collect(DuisElement element) {
        boolean date = element.children().stream()
                .anyMatch(child -> child.name().endsWith("DayOfMonthWithWildcards")
                        || child.name().equals("DayOfMonth")
                                && !child.children().isEmpty());
        if (date || element.children().isEmpty() && !element.text().isEmpty()) {
            values.add(element);
        }
        element.children().forEach(this::collect);
    }

    /** Number of values that are searched for. */
    int size() {
        return values.size();
    }

    List<String> missingFrom(GbcsMessage message) {
        DecodedValues decoded = new DecodedValues(message);
        List<String> missing = new ArrayList<>();
        // values with only one possible encoding are matched first
        List<DuisElement> choosing = values.stream()
                .sorted(Comparator.comparingInt(value -> ways(value).size()))
                .toList();
        for (DuisElement value : choosing) {
            List<String> ways = ways(value);
            if (!ways.isEmpty() && !decoded.take(ways)) {
                missing.add(value.name() + "="
                        + (value.text().length() > 40 ? value.text().substring(0, 40) : value.text()));
            }
        }
        return missing;
    }

    private List<String> ways(DuisElement value) {
        String text = value.text();
        if (!value.children().isEmpty()) {
            return wildcardDate(value);
        }
        if (PARTS.contains(value.name()) || noBlocks && value.name().equals("BlockThreshold")) {
            return List.of();
        }
        if (text.matches("-?\\d+(\\.\\d+)?")) {
            return numbers(
                    value.name(),
                    new BigDecimal(text)
                            .multiply(SCALED.getOrDefault(value.name(), BigDecimal.ONE))
                            .toBigInteger());
        }
        if (text.matches("\\d{4,}-\\d\\d-\\d\\dT.*")) {
            return dateTimes(OffsetDateTime.parse(text).toInstant());
        }
        if (text.matches("\\d{4,}-\\d\\d-\\d\\dZ?")) {
            LocalDate date = LocalDate.parse((text.length() > 11 ? "+" : "") + text.replace("Z", ""));
            return List.of(
                    DecodedValues.bytes(String.format(
                            "%04x%02x%02xff", date.getYear(), date.getMonthValue(), date.getDayOfMonth())),
                    DecodedValues.bytes(String.format(
                            "%04x%02x%02x%02x",
                            date.getYear(),
                            date.getMonthValue(),
                            date.getDayOfMonth(),
                            date.getDayOfWeek().getValue())));
        }
        if (text.matches("\\d\\d:\\d\\d:\\d\\d.*")) {
            int hour = Integer.parseInt(text.substring(0, 2));
            int minute = Integer.parseInt(text.substring(3, 5));
            return List.of(
                    DecodedValues.bytes(
                            String.format("%02x%02x%02x00", hour, minute, Integer.parseInt(text.substring(6, 8)))),
                    DecodedValues.number(hour * 60L + minute));
        }
        if (text.matches("([0-9A-Fa-f]{2}-){7}[0-9A-Fa-f]{2}")) {
            return List.of(DecodedValues.bytes(text.replace("-", "")));
        }
        if (value.name().endsWith("Certificate")) {
            return List.of(DecodedValues.bytes(
                    HexFormat.of().formatHex(Base64.getDecoder().decode(text))));
        }
        if (value.name().equals("FirmwareHash")) {
            return List.of(DecodedValues.bytes(text));
        }
        if (value.name().matches("SwitchDescription|SeasonName")) {
            return List.of(
                    "text " + text,
                    DecodedValues.bytes(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8))));
        }
        if (text.matches("true|false") && value.name().startsWith("Suspend")
                || text.matches("[A-Z][A-Za-z ]*|true|false")) {
            return List.of();
        }
        throw new AssertionError("no way to look for " + value.name() + "=" + text);
    }

    /**
     * Unchanged, in one byte, in DER; the actions of a tariff are renumbered after those of blocks or of the first
     * element.
     */
    private static List<String> numbers(String name, BigInteger number) {
        Stream<BigInteger> same = name.endsWith("TariffAction")
                ? Stream.of(0, 100, 200).map(base -> number.add(BigInteger.valueOf(base)))
                : Stream.of(number);
        return same.flatMap(n -> Stream.of(
                        DecodedValues.number(n.longValue()),
                        DecodedValues.bytes(HexFormat.of().formatHex(n.toByteArray()))))
                .toList();
    }

    /**
     * Year, month, day and weekday, each with its wildcard; gas writes the year in one byte from 1900, electricity may
     * add a time.
     */
    private static List<String> wildcardDate(DuisElement date) {
        Map<String, String> parts = date.children().stream()
                .collect(Collectors.toMap(
                        part -> part.name().replaceAll("^Gas|WithWildcards$", ""),
                        part -> part.children().get(0).text().isEmpty()
                                ? part.children().get(0).name()
                                : part.children().get(0).text()));
        int year = parts.get("Year").startsWith("Non") ? 0xFFFF : Integer.parseInt(parts.get("Year"));
        String rest = wild(parts.get("Month")) + wild(parts.get("DayOfMonth")) + wild(parts.get("DayOfWeek"));
        String electricity = String.format("%04x", year) + rest;
        return List.of(
                DecodedValues.bytes(electricity),
                DecodedValues.bytes(electricity + "00000000" + "8000ff"),
                DecodedValues.bytes((year == 0xFFFF ? "ff" : String.format("%02x", year - 1900)) + rest));
    }

    private static String wild(String part) {
        return switch (part) {
            case "LastDayOfMonth" -> "fe";
            case "SecondLastDayOfMonth" -> "fd";
            default -> part.contains("NonSpecified") ? "ff" : String.format("%02x", Integer.parseInt(part));
        };
    }

    private static List<String> dateTimes(Instant instant) {
        if (instant.equals(Instant.parse("3000-12-31T00:00:00Z"))) {
            return List.of(
                    DecodedValues.bytes("ff".repeat(9) + "8000ff"),
                    DecodedValues.number(0xFFFFFFFFL),
                    DecodedValues.number(0xFFFFFFFEL),
                    time("99991231235959Z"));
        }
        OffsetDateTime at = instant.atOffset(ZoneOffset.UTC);
        String day = String.format("%04x%02x%02x", at.getYear(), at.getMonthValue(), at.getDayOfMonth());
        String clock = String.format("%02x%02x%02x00", at.getHour(), at.getMinute(), at.getSecond()) + "8000ff";
        return List.of(
                DecodedValues.bytes(day + "ff" + clock),
                DecodedValues.bytes(
                        day + String.format("%02x", at.getDayOfWeek().getValue()) + clock),
                DecodedValues.number(instant.getEpochSecond() - SECONDS_TO_2000),
                time(at.format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'"))));
    }

    private static String time(String generalized) {
        return DecodedValues.bytes(HexFormat.of().formatHex(generalized.getBytes(StandardCharsets.US_ASCII)));
    }
}
