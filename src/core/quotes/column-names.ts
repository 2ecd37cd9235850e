/** What a column of a file may be to a bar. */
export type ColumnRole =
  'instant' | 'date' | 'clock' | 'closing' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'counter' | 'instrument';

/**
 * Names of columns in order of preference, of programs, vendors and languages, separated by blanks and as `plainName`
 * leaves them; signs above letters may stay.
 */
const words: Readonly<Record<ColumnRole, string>> = {
  instant: `
    opentime timeopen opentimems starttime timestart begintime timebegin begin start periodstart barstart periodbegin
    candlebegintime candlestarttime candleopentime klineopentime candledatetimeutc timestamp timestampms timestamputc
    timestampgmt datetime dateandtime datetimeutc unix unixtime unixtimestamp epoch epochtime ts t dt gmttime timegmt
    utctime timeutc utc localtime mdt mts bartime tradetime eventtime tsevent tsinit indexlevel0
    zeitpunkt zeitstempel horodatage dateheure fechahora datahora dataora дататаивремя датавремя
    日時 时间戳 時間戳 일시 체결시간`,
  date: `
    date day observationdate tradedate tradingdate tradingday businessdate pricedate asofdate asof calendardate caldt
    dtyyyymmdd yyyymmdd period week month quoteday timeperiod
    datum tag jour fecha data dato tarih dátum päivämäärä päivä дата ngày tanggal ημερομηνία
    dată วันที่ วันเดือนปี תאריך التاريخ
    日期 交易日期 交易日 日付 日付け 年月日 取引日 날짜 일자 기준일`,
  clock: `
    time hour timeofday clock hhmmss hhmm uhrzeit zeit heure hora ora saat czas čas tijd tid idő aika время
    时间 時間 交易时间 時刻 시간 시각`,
  closing: `
    closetime timeclose closetimems endtime timeend end periodend barend candleendtime candleclosetime klineclosetime
    settlementtime`,
  open: `
    open openprice priceopen opening openingprice openpx pxopen o first
    erster eröffnung eroeffnung eröffn eröffnungskurs eroeffnungskurs anfangskurs ouverture ouv premier apertura
    primero abertura aber opening openingskoers öppen öppning öppningskurs åbning åpning avaus otwarcie nyitó açılış
    otevření otevírací otvorenie deschidere nyitóár відкриття відкр άνοιγμα pembukaan buka เปิด פתיחה
    الافتتاح افتتاح الفتح åben öppet
    открытие откр ценаоткрытия мở mởcửa
    开盘 開盤 开盘价 開盤價 开 始値 시가`,
  high: `
    high highprice pricehigh highest highpx pxhigh hi h max maximum dayhigh sessionhigh
    hoch höchst höchstkurs hoechst hoechstkurs tageshoch haut plushaut maxi maximal massimo máximo máxima máx hoog
    hoogste hög högst högsta høj høy højeste høyeste ylin najwyższy maks maksimum yüksek enyüksek maximálna
    nejvyšší najvyššia maxim magas csúcs høyest ylinhinta υψηλό μέγιστο tertinggi tinggi สูงสุด גבוה أعلى
    الأعلى найвища високий
    макс максимум максимальная максимальнаяцена cao caonhất
    最高 最高价 最高價 高 高値 고가`,
  low: `
    low lowprice pricelow lowest lowpx pxlow lo l min minimum daylow sessionlow
    tief tiefst tiefstkurs tagestief bas plusbas mini minimal minimo mínimo mínima mín laag laagste låg lägst lägsta
    lav laveste alin najniższy düşük endüşük
    nejnižší najnižšia minim alacsony mélypont lavest alinhinta χαμηλό ελάχιστο terendah rendah ต่ำสุด נמוך أدنى الأدنى
    найнижча низький
    мин минимум минимальная минимальнаяцена thấp thấpnhất
    最低 最低价 最低價 低 低値 安値 저가`,
  close: `
    close closeprice priceclose closing closingprice closepx pxclose closelast c last lastprice pricelast lasttraded
    lasttradeprice tradeprice ltp latest price px settle settlement settlementprice settleprice
    schlusskurs schluß schluss schlußkurs letzter zuletzt kurs clôture cloture dernier cours cierre último ultimo
    fechamento chiusura prezzo precio preço prix slot slotkoers laatste koers stängning stängningskurs senaste
    lukning sluttkurs slutkurs siste sidste viimeisin päätös zamknięcie zamkniecie ostatnio kapanış şimdi záró uzavření
    závěr záverečná zatváracia laatst ultimul închidere inchidere zárt utolsó cena viimeksi seneste senast sist pris
    τελευταία κλείσιμο τιμή terakhir penutupan tutup ล่าสุด ปิด שער סגירה מחיר
    آخرسعر الأخير السعر إغلاق الإغلاق останнє ціна закриття
    закрытие закр ценазакрытия цена последняя đóngcửa lầncuối
    收盘 收盤 收盘价 收盤價 收 最新价 終値 종가 현재가
    value val nav rate fix fixing wert valor valeur waarde 净值 单位净值 基準価額`,
  volume: `
    volume basevolume volumebase volumefrom totalvolume volumetotal tradedvolume tradevolume sharevolume vols realvolume
    volumereal vol v tickvolume volumetick tickvol qty quantity shares contracts units
    stücke stuecke stück stueck volumen volumens umsatzstück volumes volumi negociado volym määrä wolumen wol obrót
    hacim hac hacimlot объём объем об khốilượng kl
    objem množství forgalom mennyiség όγκος ปริมาณ נפח الحجم حجم حجمالتداول обсяг mængde
    成交量 交易量 成交量手 成交数量 出来高 取引量 거래량
    amount umsatz turnover quotevolume volumequote volumeto quoteassetvolume 成交额 成交額 売買代金 거래대금`,
  counter: 'index level0 id row rowid rownumber rownum number no nr unnamed0 unnamed00 unnamed01',
  instrument: `
    symbol symbols symbolid ticker tickers tic instrument instrumentid instrumentname instid isin pair currencypair
    tradingpair secid ric cusip figi sedol wkn permno security securityid stock stockcode stocksymbol tscode tickersymbol
    underlying coin crypto cryptocurrency productid asset assetid market code secucode stockid conid gvkey permco cik
    companyid fundid etfid coinid tokenid tickerid marketid pairid contractid securitycode issuecode symbolcode
    instrumentcode productcode fundcode schemecode
    тикер инструмент 股票代码 证券代码 代码 合约 合约代码 品种 股票名称 銘柄 銘柄コード 종목 종목코드 종목명`,
};

/**
 * A name as names are compared: without case, signs above letters, blanks, punctuation, ordinals (`1. open`), footnotes
 * (`Close*`), counts of equal names (`Close.1`) and units in brackets, but not without the word that a price is adjusted
 * (`Close (adj.)`).
 */
export function plainName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/^\s*\d+[a-z]?[.)]\s+/, '')
    .replace(/[([{](?:[^)\]}]*[^\p{L})\]}])?adj[^)\]}]*[)\]}]/gu, 'adj')
    .replace(/[([{][^)\]}]*[)\]}]/g, '')
    .replace(/(?<=\p{L})\.\d+$/u, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const tables = mapRecord(words, (text) => [...new Set(text.trim().split(/\s+/).map(plainName))]);

const known: ReadonlySet<string> = new Set(Object.values(tables).flat());

/** Plain names of a role, the preferred first. */
export function namesOf(role: ColumnRole): readonly string[] {
  return tables[role];
}

/** Whether a plain name has that role. */
export function hasRole(plain: string, role: ColumnRole): boolean {
  return tables[role].includes(plain);
}

/** Whether a plain name has any role. */
export function isKnownName(plain: string): boolean {
  return known.has(plain);
}

/** What stands in brackets behind a name, `USD` of `Close (USD)`; '' where nothing does. */
export function unitOf(name: string): string {
  return /[([{]([^)\]}]*)[)\]}]/.exec(name)?.[1].trim() ?? '';
}

function mapRecord<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  map: (value: From) => To,
): Readonly<Record<Key, To>> {
  return Object.fromEntries(Object.entries<From>(record).map(([key, value]) => [key, map(value)])) as Record<Key, To>;
}
