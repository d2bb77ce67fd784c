package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import java.util.Map;
import org.postern.gbcs.Bytes;
import org.postern.parsecorrelate.MmcElement;

/** Conversions for load control switches and auxiliary controllers. */
final class SwitchConversions {

    private SwitchConversions() {}

    static void addTo(Map<String, Conversions.Kind> all) {
        all.put(
                "switch-selector",
                new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(switchSelector(s.small() & 0xFF))));
        all.put("switch-type", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(switchType(s.bytes()))));
        all.put(
                "controller-type",
                new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(controllerType(s.bytes(), c))));
        all.put("controller-level", new Conversions.Kind("", a -> controllerLevel()));
    }

    private static Conversion controllerLevel() {
        Conversion level = NumberConversions.part(0, 0x7F, Bounds.of(0, 100));
        return (s, c) -> {
            c.remark("switch actions of auxiliary controllers are read like schedule selectors (unverified)");
            return level.apply(s, c);
        };
    }

    private static List<MmcElement> switchSelector(int action) {
        if (action != 1 && action != 2) {
            throw new UnexpectedValueException("selector " + action + " is not a switch action");
        }
        return List.of(TimeConversions.empty(action == 1 ? "ActivateSwitch" : "DeactivateSwitch"));
    }

    private static List<MmcElement> switchType(Bytes b) {
        return List.of(allZero(b) ? TimeConversions.empty("ALCS") : MmcElement.text("HCALCS", TextConversions.eui(b)));
    }

    /**
     * Eight bytes: the EUI-64 of the switch, or zeros for a switch in the meter. One byte: a proportional controller.
     * No bytes: no result.
     */
    private static List<MmcElement> controllerType(Bytes b, Conversion.Context c) {
        String type = "AuxiliaryControllerType";
        if (b.length() == 8 && !allZero(b)) {
            return List.of(MmcElement.text(type, "HCALCS"), MmcElement.text("HCALCSID", TextConversions.eui(b)));
        }
        if (b.length() != 8) {
            c.remark("the type of an auxiliary controller is inferred from the length of its identifier (unverified)");
        }
        return List.of(MmcElement.text(
                type,
                switch (b.length()) {
                    case 8 -> "ALCS";
                    case 1 -> "APC";
                    case 0 -> "None";
                    default -> throw new UnexpectedValueException("an identifier of 0, 1 or 8 bytes is expected");
                }));
    }

    private static boolean allZero(Bytes b) {
        int or = 0;
        for (int i = 0; i < b.length(); i++) {
            or |= b.at(i);
        }
        return or == 0;
    }
}
