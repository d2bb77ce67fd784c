package org.postern.parsecorrelate.internal.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A COSEM attribute or method, written {@code class/A-B:C.D.E.F/attribute}.
 *
 * @param cosemClass class number
 * @param obis the six value groups
 * @param member attribute or method number
 */
record CosemObject(int cosemClass, List<Integer> obis, int member) {

    private static final Pattern FORM =
            Pattern.compile("(\\d+)/(\\d+)-(\\d+):(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)/(\\d+)");

    static CosemObject parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an object: " + text);
        }
        List<Integer> obis = new ArrayList<>();
        for (int group = 2; group <= 7; group++) {
            obis.add(Integer.parseInt(matcher.group(group)));
        }
        if (obis.stream().anyMatch(value -> value > 255)) {
            throw new IllegalArgumentException("not an object: " + text);
        }
        return new CosemObject(Integer.parseInt(matcher.group(1)), obis, Integer.parseInt(matcher.group(8)));
    }

    byte[] toBytes() {
        byte[] bytes = new byte[9];
        bytes[0] = (byte) (cosemClass >> 8);
        bytes[1] = (byte) cosemClass;
        for (int i = 0; i < 6; i++) {
            bytes[2 + i] = (byte) (int) obis.get(i);
        }
        bytes[8] = (byte) member;
        return bytes;
    }

    @Override
    public String toString() {
        return cosemClass + "/" + obis.get(0) + "-" + obis.get(1) + ":" + obis.get(2) + "." + obis.get(3) + "."
                + obis.get(4) + "." + obis.get(5) + "/" + member;
    }
}
