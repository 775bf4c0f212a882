package io.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.Test;

class OldestFormTest {

    private static final String COLOUR_1 =
            "{'type':'enum','name':'C','symbols':['U','RED'],'default':'U'}";
    private static final String COLOUR_2 =
            "{'type':'enum','name':'C','symbols':['U','RED','BLUE'],'default':'U'}";
    private static final Schema FIRST =
            schema(
                    "{'type':'record','name':'R','fields':["
                            + "{'name':'a','type':'long','default':0},"
                            + "{'name':'parts','type':{'type':'array','items':{'type':'record','name':'P','fields':["
                            + "{'name':'x','type':'double','default':0.0}]}},'default':[]},"
                            + "{'name':'colours','type':{'type':'map','values':"
                            + COLOUR_1
                            + "},'default':{}}]}");
    private static final Schema SECOND =
            schema(
                    "{'type':'record','name':'R','fields':["
                            + "{'name':'a','type':'long','default':0},"
                            + "{'name':'parts','type':{'type':'array','items':{'type':'record','name':'P','fields':["
                            + "{'name':'x','type':'double','default':0.0},"
                            + "{'name':'y','type':'string','default':'none'}]}},'default':[]},"
                            + "{'name':'colours','type':{'type':'map','values':"
                            + COLOUR_2
                            + "},'default':{}},"
                            + "{'name':'b','type':'long','default':-1}]}");

    @Test
    void aRecordThatUsesNothingNewHasTheFirstForm() {
        assertThat(form(-1, "none", "RED")).isEqualTo(FIRST);
    }

    @Test
    void aNewFieldThatIsUsedNeedsTheNewForm() {
        assertThat(form(0, "none", "RED")).isEqualTo(SECOND);
    }

    @Test
    void soDoesANewFieldOfAPart() {
        assertThat(form(-1, "some", "RED")).isEqualTo(SECOND);
    }

    @Test
    void soDoesANewSymbol() {
        assertThat(form(-1, "none", "BLUE")).isEqualTo(SECOND);
    }

    private static Schema form(long b, String y, String colour) {
        Schema part = SECOND.getField("parts").schema().getElementType();
        Schema colours = SECOND.getField("colours").schema().getValueType();
        IndexedRecord value =
                new GenericRecordBuilder(SECOND)
                        .set("a", 7L)
                        .set("b", b)
                        .set(
                                "parts",
                                List.of(
                                        new GenericRecordBuilder(part)
                                                .set("x", 0.5)
                                                .set("y", y)
                                                .build()))
                        .set("colours", Map.of("k", new GenericData.EnumSymbol(colours, colour)))
                        .build();
        return OldestForm.of(value, List.of(FIRST, SECOND), GenericData.get());
    }

    private static Schema schema(String json) {
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }
}
