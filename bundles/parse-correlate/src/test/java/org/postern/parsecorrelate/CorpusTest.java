package org.postern.parsecorrelate;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.MessageKind;

class CorpusTest {
    @Test
    void dump() throws Exception {
        Corpus c = new Corpus();
        int n = 0, mmc = 0, bad = 0;
        StringBuilder all = new StringBuilder();
        for (Path f : c.messages()) {
            ParsedMessage p = c.parse(f);
            n++;
            String name = f.getFileName().toString();
            all.append("== ").append(name).append(' ').append(p.status()).append(' ').append(p.mac().verdict()).append(' ').append(p.signature().verdict()).append(' ').append(p.success()).append(' ').append(p.reason()).append('\n');
            if (p.mmc().isPresent()) {
                mmc++;
                all.append(new String(p.mmc().get().xml(), "UTF-8")).append('\n');
                var r = c.refusal(p.mmc().get());
                if (r.isPresent()) { bad++; System.out.println("BAD " + name + " " + r.get()); }
            } else if (name.contains("RESPONSE") || name.contains("ALERT") || p.status() != ParsedMessage.Status.OK) {
                System.out.println("NONE " + name + " " + p.status() + " " + p.reason());
            }
        }
        System.out.println(n + " mmc " + mmc + " bad " + bad);
        java.nio.file.Files.writeString(Path.of("/tmp/b/mmc.txt"), all);
    }
}
