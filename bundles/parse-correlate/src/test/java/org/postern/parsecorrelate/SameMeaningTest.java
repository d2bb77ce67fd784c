package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.inventory.DeviceFacts;

/** Documents with the same meaning give the same bytes, and values that are similar but have another meaning do not. */
class SameMeaningTest {

    private static final RequestId ID =
            new RequestId(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB1234567890A0"), 4711);
    private static final Instant BUILT = Instant.parse("2026-11-23T12:00:00Z");
    private static final Pattern LEAF = Pattern.compile(">([^<>]+)</");
    private static final Map<String, UnaryOperator<String>> SPELLINGS = new LinkedHashMap<>();

    static {
        SPELLINGS.put("as written", xml -> xml);
        SPELLINGS.put(
                "another prefix",
                xml -> xml.replace("<sr:", "<x:").replace("</sr:", "</x:").replace("xmlns:sr=", "xmlns:x="));
        SPELLINGS.put(
                "no prefix",
                xml -> xml.replace("<sr:", "<").replace("</sr:", "</").replace("xmlns:sr=", "xmlns="));
        SPELLINGS.put("CDATA", xml -> leaves(xml, text -> "<![CDATA[" + text + "]]>"));
        SPELLINGS.put(
                "CDATA within a text",
                xml -> leaves(xml, text -> text.substring(0, 1) + "<![CDATA[" + text.substring(1) + "]]>"));
        SPELLINGS.put(
                "character references",
                xml -> leaves(xml, text -> "&#" + (int) text.charAt(0) + ";" + text.substring(1)));
        SPELLINGS.put(
                "hexadecimal references",
                xml -> leaves(
                        xml,
                        text -> text.substring(0, text.length() - 1) + "&#x"
                                + Integer.toHexString(text.charAt(text.length() - 1)) + ";"));
        SPELLINGS.put(
                "other white space between elements",
                xml -> xml.replaceAll(">\\s*<", ">\n\t <").replaceAll(">\n\t </", "></"));
        SPELLINGS.put(
                "other quotes",
                xml -> xml.replaceAll("(index|identifier|auxiliaryControllerN)=\"(\\d+)\"", "$1 = '$2'"));
    }

    private final Transformer transformer = Transformer.fromTables();
    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);

    private static String leaves(String xml, UnaryOperator<String> change) {
        // the text of a leaf; no earlier element begins with the same text
        Matcher matcher = LEAF.matcher(xml);
        StringBuilder changed = new StringBuilder();
        while (matcher.find()) {
            String text = matcher.group(1);
            boolean plain = text.isBlank() || text.contains("&");
            matcher.appendReplacement(
                    changed, Matcher.quoteReplacement(plain ? matcher.group() : ">" + change.apply(text) + "</"));
        }
        return matcher.appendTail(changed).toString();
    }

    @Test
    void everySpellingOfADocumentGivesTheSameBytes() throws Exception {
        SchemaTables schema = new SchemaTables();
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (ServiceRow service : new ServiceCatalogue().rows()) {
            for (int seed = 0; service.critical() && seed < 3; seed++) {
                DuisElement body = schema.distinct(service.bodyElement(), seed, new IdentityHashMap<>());
                DuisRequest request = request(service.variant(), body);
                String xml = new String(DuisWriter.write(request).toArray(), StandardCharsets.UTF_8);
                for (DeviceType type : List.of(DeviceType.ESME, DeviceType.GSME)) {
                    String wanted = transformed(request, type);
                    for (Map.Entry<String, UnaryOperator<String>> spelling : SPELLINGS.entrySet()) {
                        count++;
                        String got = transformed(
                                reader.readRequest(
                                        spelling.getValue().apply(xml).getBytes(StandardCharsets.UTF_8)),
                                type);
                        if (!got.equals(wanted)) {
                            wrong.add(service.variant() + " " + type + " " + spelling.getKey() + ": " + got + " for "
                                    + wanted);
                        }
                    }
                }
            }
        }
        System.out.println("spellings of documents: " + count);
        assertThat(wrong.stream().limit(5).toList()).isEmpty();
        assertThat(count).isGreaterThan(1500);
    }

    private String transformed(DuisRequest request, DeviceType type) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(transformer.transform(
                            request,
                            new DeviceFacts(
                                    ID.target(),
                                    Optional.of(type),
                                    DeviceFacts.Variant.SINGLE,
                                    Map.of("joinMethod", "A", "otherDeviceType", "HCALCS")),
                            BUILT));
        } catch (TransformException refused) {
            return refused.fault().code() + " " + refused.fault().field();
        }
    }

    private static DuisRequest request(String service, DuisElement body) {
        return new DuisRequest(
                ID, CommandVariant.CV4, new ServiceCatalogue().require(service).reference(), service, body);
    }

    private String transformed(String service, DuisElement body, DeviceType type) {
        return transformed(request(service, body), type);
    }

    private static DuisElement e(String name, DuisElement... children) {
        return DuisElement.of(name, children);
    }

    private static DuisElement v(String name, String text) {
        return DuisElement.leaf(name, text);
    }

    private static DuisElement description(String text) {
        return e(
                "UpdateDeviceConfigurationALCDescriptions",
                e("ALCSHCALCSDescription", v("SwitchDescription", text)).with("index", "2"));
    }

    /** The schema gives names the type xs:string, of which white space is part. */
    @Test
    void whiteSpaceIsPartOfAName() {
        assertThat(transformed("6.14.1", description(" A"), DeviceType.ESME))
                .endsWith("020001" + "00005E2C000C" + "02" + "01" + "0A022041");
        assertThat(transformed("6.14.1", description("A"), DeviceType.ESME))
                .endsWith("020001" + "00005E2C000C" + "02" + "01" + "0A0141");
    }

    private String credit(String date) {
        return transformed("1.6", e("UpdatePaymentMode", v("ExecutionDateTime", date), e("Credit")), DeviceType.GSME);
    }

    /** ZigBee writes 0 for at once and FFFFFFFF for never: no date may become either. */
    @Test
    void noDateIsConvertedToAtOnceOrNever() {
        String refused = "PST-4002 UpdatePaymentMode/ExecutionDateTime";
        assertThat(credit("2000-01-01T00:00:00Z")).isEqualTo(refused);
        assertThat(credit("1999-12-31T00:00:00Z")).isEqualTo(refused);
        assertThat(credit("2136-02-07T06:28:15Z")).isEqualTo(refused);
        assertThat(credit("2136-02-07T06:28:14Z")).isEqualTo(refused);
        assertThat(credit("2136-02-07T06:28:13Z")).contains("FDFFFFFF940C");
        assertThat(credit("3000-12-31T01:00:00+01:00")).contains("FFFFFFFF940C");
        assertThat(transformed(
                        "11.3",
                        e(
                                "ActivateFirmware",
                                v("ExecutionDateTime", "9999-12-31T23:59:59Z"),
                                v("FirmwareHash", "AB".repeat(32))),
                        DeviceType.ESME))
                .startsWith("PST-4002");
        // 2015 and 65536 years: the same two bytes of year
        assertThat(transformed(
                        "7.13",
                        e(
                                        "SetAuxiliaryControllerState",
                                        v("StartDateTime", "+67551-01-03T00:00:00Z"),
                                        v("EndDateTime", "2015-01-03T01:00:00Z"),
                                        v("CommandedStateLevel", "37"))
                                .with("auxiliaryControllerN", "2"),
                        DeviceType.ESME))
                .startsWith("PST-4002");
    }

    /** XML allows 24:00 for the end of a day. */
    @Test
    void theEndOfADayIsTheBeginningOfTheNext() {
        assertThat(credit("2029-12-31T24:00:00Z"))
                .isEqualTo(credit("2030-01-01T00:00:00Z"))
                .doesNotContain("PST");
    }

    private static DuisElement entry(String zone) {
        return e(
                "UpdatePrepayConfiguration",
                e(
                        "UpdatePrepayConfigElectricity",
                        v("DebtRecoveryRateCap", "1"),
                        v("EmergencyCreditLimit", "2"),
                        v("EmergencyCreditThreshold", "3"),
                        v("LowCreditThreshold", "4"),
                        e(
                                "ElectricityNonDisablementCalendar",
                                e(
                                        "ElectricityNonDisablementSchedule",
                                        v("NonDisablementScript", "START"),
                                        e("SpecialDaysApplicability"),
                                        e("DaysOfWeekApplicability"),
                                        e(
                                                "ScheduleDatesAndTime",
                                                v("SwitchTime", "07:30:00Z"),
                                                v("StartDate", "2015-10-27" + zone),
                                                v("EndDate", "2015-10-28Z"))),
                                e("ElectricitySpecialDays")),
                        v("MaxMeterBalance", "5"),
                        v("MaxCreditThreshold", "6")));
    }

    /** A date in another zone is another day, and the message has no field for the zone. */
    @Test
    void aDateOfAnotherZoneIsRefused() {
        assertThat(transformed("2.1", entry("Z"), DeviceType.ESME))
                .contains("090507DF0A1BFF")
                .isEqualTo(transformed("2.1", entry("+00:00"), DeviceType.ESME))
                .isEqualTo(transformed("2.1", entry(""), DeviceType.ESME));
        assertThat(transformed("2.1", entry("+05:30"), DeviceType.ESME))
                .startsWith("PST-4002")
                .endsWith("/StartDate");
    }

    /** A gas date has one byte for the year from 1900; FF means every year, so 2155 cannot be expressed. */
    @Test
    void theYearThatWouldMeanEveryYearIsRefused() {
        assertThat(season("2154")).contains("FE010101");
        assertThat(season("2155")).startsWith("PST-4002").endsWith("/SeasonStartDate");
    }

    private String season(String year) {
        DuisElement date = e(
                "SeasonStartDate",
                e("GasYearWithWildcards", v("SpecifiedYear", year)),
                e("GasMonthWithWildcards", v("SpecifiedMonth", "1")),
                e("GasDayOfMonthWithWildcards", v("SpecifiedDayOfMonth", "1")),
                e("GasDayOfWeekWithWildcards", v("SpecifiedDayOfWeek", "1")));
        List<DuisElement> week = new ArrayList<>(List.of(v("WeekName", "1")));
        for (int day = 7; day >= 1; day--) {
            week.add(v("ReferencedDayName", "1").with("index", String.valueOf(day)));
        }
        DuisElement gas = e(
                "GasTariffElements",
                e(
                        "SwitchingTable",
                        e("DayProfiles", e("DayProfile", v("DayName", "1"), e("BlockTariff"))),
                        e("WeekProfiles", DuisElement.of("WeekProfile", week)),
                        e("Seasons", e("Season", date, v("ReferencedWeekName", "1")))),
                e("SpecialDays"),
                e("ThresholdMatrix", v("BlockThreshold", "7").with("index", "1")));
        return transformed(
                "1.1.1",
                e(
                        "UpdateImportTariffPrimaryElement",
                        gas,
                        e(
                                "PriceElements",
                                e(
                                        "GasPriceElements",
                                        v("CurrencyUnits", "GBP"),
                                        v("StandingCharge", "1"),
                                        e(
                                                "BlockTariff",
                                                v("BlockPrice", "1").with("index", "1"),
                                                v("NumberOfThresholds", "1"))))),
                DeviceType.GSME);
    }
}
