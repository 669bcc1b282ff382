<?xml version="1.0" encoding="UTF-8"?>
<!-- A definition, told as a reference page in Markdown: `make reference` writes doc/<provider>.md with it. What includes bring is told
     with the schema that it belongs to. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:p="urn:restodbc:provider:1">
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:template match="/p:provider">
    <xsl:value-of select="concat('# ', @title, '&#10;&#10;`Provider=', @name, '`. Base address: `', @url, @prefix, '`.')"/>
    <xsl:for-each select="p:limit[@requests]">
      <xsl:value-of select="concat(' The service allows ', @requests, ' requests in ', @seconds, ' seconds')"/>
      <xsl:call-template name="of-schema"/>
    </xsl:for-each>
    <xsl:for-each select="p:limit[@concurrent]">
      <xsl:value-of select="concat(' At most ', @concurrent, ' requests of a statement are under way at once')"/>
      <xsl:call-template name="of-schema"/>
    </xsl:for-each>
    <xsl:for-each select="p:oauth[@schemes]">
      <xsl:value-of select="concat(' `AuthScheme` is one of `', @schemes, '`')"/>
      <xsl:call-template name="of-schema"/>
    </xsl:for-each>
    <xsl:if test="p:include/@schema">
      <xsl:text> `Schema` is</xsl:text>
      <xsl:for-each select="p:include[@schema and not(@schema = preceding-sibling::p:include/@schema)]">
        <xsl:choose>
          <xsl:when test="position() = 1"><xsl:text> </xsl:text></xsl:when>
          <xsl:when test="position() = last()"> or </xsl:when>
          <xsl:otherwise>, </xsl:otherwise>
        </xsl:choose>
        <xsl:value-of select="concat('`', @schema, '`')"/>
        <xsl:if test="position() = 1 and position() != last()"> (when not given)</xsl:if>
      </xsl:for-each>
      <xsl:text>.</xsl:text>
    </xsl:if>
    <xsl:text>&#10;</xsl:text>
    <xsl:if test="p:variable">
      <xsl:text>&#10;What a connection tells or finds out, in braces below. `Other=Name=…` sets any of them.&#10;&#10;| | is | |&#10;|---|---|---|&#10;</xsl:text>
      <xsl:apply-templates select="p:variable"/>
    </xsl:if>
    <xsl:variable name="common" select=". | document(p:include[not(@schema)]/@file)/p:tables"/>
    <xsl:call-template name="all-names">
      <xsl:with-param name="files" select="$common"/>
    </xsl:call-template>
    <xsl:for-each select="p:include[@schema and not(@schema = preceding-sibling::p:include/@schema)]">
      <xsl:call-template name="all-names">
        <xsl:with-param name="files" select="document($provider/p:include[@schema = current()/@schema]/@file)/p:tables"/>
        <xsl:with-param name="of" select="concat(' of the schema ', @schema)"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:text>&#10;A condition in the column *the service applies* goes into the request; every other one is applied by the driver after the rows have come. *exactly*: the driver does not check again, so that a LIMIT can go along.&#10;</xsl:text>
    <xsl:for-each select="p:table | document(p:include/@file)/p:tables/p:table">
      <xsl:sort select="@name"/>
      <xsl:apply-templates select="."/>
    </xsl:for-each>
    <xsl:if test="p:procedure | document(p:include/@file)/p:tables/p:procedure">
      <xsl:text>&#10;## Procedures&#10;</xsl:text>
      <xsl:for-each select="p:procedure | document(p:include/@file)/p:tables/p:procedure">
        <xsl:sort select="@name"/>
        <xsl:apply-templates select="."/>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <!-- The end of a sentence that is true for one schema, or for all. -->
  <xsl:template name="of-schema">
    <xsl:if test="@schema">
      <xsl:value-of select="concat(' (schema ', @schema, ')')"/>
    </xsl:if>
    <xsl:text>.</xsl:text>
  </xsl:template>

  <xsl:template name="all-names">
    <xsl:param name="files"/>
    <xsl:param name="of"/>
    <xsl:call-template name="names">
      <xsl:with-param name="title" select="concat('Tables', $of)"/>
      <xsl:with-param name="nodes" select="$files/p:table[not(@kind = 'view')]"/>
    </xsl:call-template>
    <xsl:call-template name="names">
      <xsl:with-param name="title" select="concat('Views', $of)"/>
      <xsl:with-param name="nodes" select="$files/p:table[@kind = 'view']"/>
    </xsl:call-template>
    <xsl:call-template name="names">
      <xsl:with-param name="title" select="concat('Procedures', $of)"/>
      <xsl:with-param name="nodes" select="$files/p:procedure"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="names">
    <xsl:param name="title"/>
    <xsl:param name="nodes"/>
    <xsl:if test="$nodes">
      <xsl:value-of select="concat('&#10;', $title, ': ')"/>
      <xsl:for-each select="$nodes">
        <xsl:sort select="@name"/>
        <xsl:if test="position() > 1">, </xsl:if>
        <xsl:value-of select="concat('`', @name, '`')"/>
      </xsl:for-each>
      <xsl:text>.&#10;</xsl:text>
    </xsl:if>
  </xsl:template>

  <xsl:template match="p:variable">
    <xsl:value-of select="concat('| {', @name, '} | ')"/>
    <xsl:variable name="ways">
      <xsl:for-each select="p:when">
        <xsl:value-of select="concat('; `', @value, '` where `', @property, '` is `', @is, '`')"/>
      </xsl:for-each>
      <xsl:if test="@property and not(p:when/@property = @property)">
        <xsl:value-of select="concat('; the property `', @property, '`')"/>
      </xsl:if>
      <xsl:if test="@token">
        <xsl:value-of select="concat('; `', @token, '` of the reply of the token endpoint')"/>
      </xsl:if>
      <xsl:if test="@table">
        <xsl:value-of select="concat('; the first ', @table, '.', @column)"/>
        <xsl:if test="@where">
          <xsl:value-of select="concat(' where ', @where, ' is `', @is, '`')"/>
        </xsl:if>
        <xsl:if test="@prefer">
          <xsl:value-of select="concat(', rather one where ', @prefer, ' is true')"/>
        </xsl:if>
        <xsl:if test="@only = 'yes'">, if it is the only one</xsl:if>
      </xsl:if>
      <xsl:if test="@standard">
        <xsl:value-of select="concat('; `', @standard, '`')"/>
      </xsl:if>
    </xsl:variable>
    <xsl:value-of select="concat(substring($ways, 3), ' | ', @description, ' |&#10;')"/>
  </xsl:template>

  <xsl:template match="p:table">
    <xsl:value-of select="concat('&#10;## ', @name)"/>
    <xsl:if test="@kind = 'view'"> (view)</xsl:if>
    <xsl:call-template name="schema"/>
    <xsl:value-of select="concat('&#10;&#10;', @description, '.')"/>
    <xsl:choose>
      <xsl:when test="p:endpoint">
        <xsl:text> Read from, whichever costs least:&#10;&#10;</xsl:text>
        <xsl:for-each select="self::*[@path] | p:endpoint">
          <xsl:text>- </xsl:text>
          <xsl:call-template name="endpoint"/>
          <xsl:text>&#10;</xsl:text>
        </xsl:for-each>
        <xsl:text>&#10;</xsl:text>
      </xsl:when>
      <xsl:otherwise>
        <xsl:text> Read from </xsl:text>
        <xsl:call-template name="endpoint"/>
        <xsl:text>.</xsl:text>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:variable name="notes">
      <xsl:if test="(@scope | parent::p:tables/@scope)[last()]">
        <xsl:text> Needs the scope `</xsl:text>
        <xsl:choose>
          <xsl:when test="@scope"><xsl:value-of select="@scope"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="parent::p:tables/@scope"/></xsl:otherwise>
        </xsl:choose>
        <xsl:text>`.</xsl:text>
      </xsl:if>
      <xsl:apply-templates select="p:require"/>
      <xsl:if test="p:order">
        <xsl:text> The service can sort by </xsl:text>
        <xsl:for-each select="p:order[not(@column = preceding-sibling::p:order/@column)]">
          <xsl:if test="position() > 1">, </xsl:if>
          <xsl:value-of select="@column"/>
        </xsl:for-each>
        <xsl:text>.</xsl:text>
      </xsl:if>
      <xsl:if test="p:custom-fields"> With `IncludeCustomFields` the account's own fields are columns, too.</xsl:if>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="p:endpoint and $notes != ''">
        <xsl:value-of select="concat(substring($notes, 2), '&#10;')"/>
      </xsl:when>
      <xsl:when test="not(p:endpoint)">
        <xsl:value-of select="concat($notes, '&#10;')"/>
      </xsl:when>
    </xsl:choose>
    <xsl:if test="not(p:endpoint) or $notes != ''">
      <xsl:text>&#10;</xsl:text>
    </xsl:if>
    <xsl:text>| column | type | the service applies | |&#10;|---|---|---|---|&#10;</xsl:text>
    <xsl:apply-templates select="p:column | p:use"/>
    <xsl:if test="p:input or (ancestor::p:tables | $provider)/p:columns[@name = current()/p:use/@columns]/p:input">
      <xsl:text>&#10;Only in conditions:&#10;&#10;| input | type | the service applies | |&#10;|---|---|---|---|&#10;</xsl:text>
      <xsl:apply-templates select="p:input | p:use" mode="inputs"/>
    </xsl:if>
  </xsl:template>

  <!-- A group of columns, where a table uses it. -->
  <xsl:template match="p:use">
    <xsl:apply-templates select="(ancestor::p:tables | $provider)/p:columns[@name = current()/@columns]/p:column"/>
  </xsl:template>
  <xsl:template match="p:use" mode="inputs">
    <xsl:apply-templates select="(ancestor::p:tables | $provider)/p:columns[@name = current()/@columns]/p:input"/>
  </xsl:template>
  <xsl:template match="p:input" mode="inputs">
    <xsl:apply-templates select="."/>
  </xsl:template>

  <!-- The schema of an included file, behind the name of what stands in it. -->
  <xsl:template name="schema">
    <xsl:variable name="tables" select="generate-id(parent::p:tables)"/>
    <xsl:if test="parent::p:tables">
      <xsl:for-each select="$provider/p:include[@schema and generate-id(document(@file)/p:tables) = $tables]">
        <xsl:value-of select="concat(' (schema ', @schema, ')')"/>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>
  <xsl:variable name="provider" select="/p:provider"/>

  <!-- Of a table or an endpoint: what is asked, and what for. -->
  <xsl:template name="endpoint">
    <xsl:text>`</xsl:text>
    <xsl:if test="@method = 'POST'">POST </xsl:if>
    <xsl:value-of select="concat(@url, ancestor::p:tables[not(current()/@url)]/@url, @path, '`')"/>
    <xsl:if test="@parent">
      <xsl:value-of select="concat(', for the rows of ', @parent)"/>
      <xsl:if test="@parent-if">
        <xsl:value-of select="concat(' with ', @parent-if)"/>
      </xsl:if>
    </xsl:if>
    <xsl:if test="@needs">
      <xsl:value-of select="concat(', with the parameter `', @needs, '`')"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="p:require">
    <xsl:value-of select="concat(' The service wants one of the parameters `', @any, '`; without a condition for them ')"/>
    <xsl:choose>
      <xsl:when test="@parameter">
        <xsl:value-of select="concat('`', @parameter, '=', @value, '` is sent.')"/>
      </xsl:when>
      <xsl:otherwise>a query is refused.</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="p:column | p:table/p:input">
    <xsl:value-of select="concat('| ', @name, ' | ', @type, ' | ')"/>
    <xsl:for-each select="p:filter">
      <xsl:if test="position() > 1">; </xsl:if>
      <xsl:value-of select="concat('`', @op, '` as `', @parameter, '`')"/>
      <xsl:if test="@exact = 'yes'"> exactly</xsl:if>
      <xsl:if test="@exact and @exact != 'yes' and @exact != 'no'">
        <xsl:value-of select="concat(', `', @exact, '` exactly')"/>
      </xsl:if>
    </xsl:for-each>
    <xsl:text> | </xsl:text>
    <xsl:if test="@key = 'yes'">Key. </xsl:if>
    <xsl:if test="@references">
      <xsl:value-of select="concat('→ ', @references, '. ')"/>
    </xsl:if>
    <xsl:if test="@from and not(@at) and not(@from = @references)">
      <xsl:value-of select="concat('Of ', @from, '. ')"/>
    </xsl:if>
    <xsl:if test="@standard">
      <xsl:value-of select="concat('Is `', @standard, '` unless compared', substring(concat(' or where the query names ', @unless), 1, 1000 * boolean(@unless)))"/>
      <xsl:if test="@any">
        <xsl:value-of select="concat('; `', @any, '` stands for all')"/>
      </xsl:if>
      <xsl:text>. </xsl:text>
    </xsl:if>
    <xsl:value-of select="@description"/>
    <xsl:text> |&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="p:procedure">
    <xsl:value-of select="concat('&#10;### ', @name)"/>
    <xsl:call-template name="schema"/>
    <xsl:value-of select="concat('&#10;&#10;', @description, '. `')"/>
    <xsl:choose>
      <xsl:when test="@method">
        <xsl:value-of select="@method"/>
      </xsl:when>
      <xsl:otherwise>POST</xsl:otherwise>
    </xsl:choose>
    <xsl:value-of select="concat(' ', @url, ancestor::p:tables[not(current()/@url)]/@url, @path, '`.')"/>
    <xsl:if test="not(p:output)"> Its answer is `Success`.</xsl:if>
    <xsl:text>&#10;</xsl:text>
    <xsl:if test="p:input">
      <xsl:text>&#10;| input | type | |&#10;|---|---|---|&#10;</xsl:text>
      <xsl:for-each select="p:input">
        <xsl:value-of select="concat('| ', @name, ' | ', @type, ' | ')"/>
        <xsl:if test="@required = 'yes'">Required. </xsl:if>
        <xsl:if test="@standard">
          <xsl:value-of select="concat('`', @standard, '` when not given. ')"/>
        </xsl:if>
        <xsl:if test="@file">The name of a file that is sent. </xsl:if>
        <xsl:if test="@target = 'yes'">The name of the file that is written. </xsl:if>
        <xsl:value-of select="concat(@description, ' |&#10;')"/>
      </xsl:for-each>
    </xsl:if>
    <xsl:if test="p:output">
      <xsl:text>&#10;| output | type | |&#10;|---|---|---|&#10;</xsl:text>
      <xsl:for-each select="p:output">
        <xsl:value-of select="concat('| ', @name, ' | ', @type, ' | ', @description, ' |&#10;')"/>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
